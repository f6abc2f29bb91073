/** Pyodide's core, compiled. */

import { get, kept } from './get.ts';
import { outside } from './outside.ts';
import type { PythonBuild } from './protocol.ts';

/**
 * Chromium keeps the machine code that it has made of WebAssembly beside what came over the network, and only there:
 * with it Python runs at its full speed from the first moment. So that copy comes first where there may be one, then
 * the service worker's.
 * @param again whether an earlier visit has left the files of the site
 */
export async function coreOf({ base, snapshot }: PythonBuild, again?: boolean) {
  const address = base + snapshot.core.file;
  const here = again ? ((await remembered(address)) ?? (await kept(address))) : null;
  return WebAssembly.compileStreaming(here ?? get(address));
}

/** What the browser itself still has of an earlier visit. */
async function remembered(address: string) {
  try {
    const response = await outside.fetch(address, { cache: 'only-if-cached', mode: 'same-origin' });
    return response.ok ? response : null;
  } catch {
    return null;
  }
}
