/** Files of the site: from the network, or where it is away, from what the service worker keeps. */

import { outside } from './outside.ts';

/** Nothing is wrong with the file, only with the way to it. */
export class Unreachable extends Error {}

export async function get(address: string) {
  try {
    const response = await outside.fetch(address);
    if (response.ok) return response;
    throw new Error(`${address} could not be fetched: ${response.status} ${response.statusText}`);
  } catch (error) {
    // In WebKit no service worker stands between this worker and the network.
    const found = await kept(address);
    if (found) return found;
    if (error instanceof TypeError) throw new Unreachable(`${address} cannot be reached`, { cause: error });
    throw error;
  }
}

/** The bytes of a file; `arrived` is told of each piece of them. */
export async function bytesOf(address: string, arrived: (bytes: number) => void): Promise<ArrayBuffer> {
  const reader = ((await get(address)).body as ReadableStream<Uint8Array>).getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    arrived(value.length);
    length += value.length;
    pieces.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole.buffer;
}

/** What the service worker keeps. */
export async function kept(address: string) {
  try {
    return await outside.caches?.match(address);
  } catch {
    // Where nothing may be kept, nothing is.
    return undefined;
  }
}
