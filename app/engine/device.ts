/**
 * What a quick start leaves on this device for the next visit: side modules and memory, unpacked, as one file in the
 * browser's private file system. Reading that takes a tenth of the time that fetching and unpacking take, even when
 * nothing has to come over the network. It is a convenience: where the browser refuses it, or it is damaged, the same
 * bytes come from the network or from the service worker.
 *
 * The file holds the side modules, then the memory (the header of the snapshot, then its pages in pieces); the build
 * says how long each part is, and for each half what the hash is of the hashes of all slices of its parts.
 */

import { hex, slicesOf } from './container.ts';
import { ERASURES } from './erasures.ts';
import { outside } from './outside.ts';
import type { Half, PythonBuild } from './protocol.ts';

/** `sound` says whether they are what the build made */
export type Stored = { parts: Uint8Array[]; sound: Promise<void> };

export interface Image {
  sideModules: () => Stored;
  /** not yet known to be right */
  head: () => Uint8Array;
  /** the pages to where they belong, and see that they and the header are right */
  read: (places: Uint8Array[]) => Promise<void>;
  /** once everything is read that is wanted */
  close: () => void;
  discard: () => Promise<void>;
}

/** So much is written at once: nobody notices the pause. */
const SLICE = 1 << 22;

/** Whether the visitor had everything erased since this thread began, here or in another window. */
let erased = false;
const erasures = new BroadcastChannel(ERASURES);
erasures.onmessage = ({ data: path }) => {
  if (location.pathname.startsWith(path)) erased = true;
};

const nameOf = ({ snapshot: { image } }: PythonBuild) =>
  `${image.sideModules.sha256.slice(0, 12)}-${image.memory.sha256.slice(0, 12)}`;

/** A folder of its own for each place that Nabla is served from. */
async function folderOf({ base }: PythonBuild, create: boolean) {
  const root = await outside.storage.getDirectory();
  return root.getDirectoryHandle(`nabla ${encodeURIComponent(new URL(base).pathname)}`, { create }) as Promise<any>;
}

/** The image that an earlier visit left, `null` where there is none. */
export async function openImage(build: PythonBuild): Promise<Image | null> {
  const { sideModules, memory } = build.snapshot.image;
  const start = length(sideModules);
  const [headLength = 0] = memory.parts;
  try {
    const folder = await folderOf(build, false);
    const file = await (await folder.getFileHandle(nameOf(build))).createSyncAccessHandle({ mode: 'read-only' });
    // It is shorter when somebody closed the page that was writing it.
    if (file.getSize() !== start + length(memory)) return file.close();
    const head = () => read(file, start, new Uint8Array(headLength));
    return {
      sideModules() {
        const bytes = split(read(file, 0, new Uint8Array(start)), sideModules);
        return { parts: bytes, sound: verify(bytes.flatMap(hashesOf), sideModules) };
      },
      head,
      read(places) {
        let at = start + headLength;
        const hashes = places.flatMap((place) => {
          read(file, at, place);
          at += place.length;
          return hashesOf(place);
        });
        return verify([...hashesOf(head()), ...hashes], memory);
      },
      close: () => file.close(),
      discard() {
        file.close();
        return folder.removeEntry(nameOf(build));
      },
    };
  } catch {
    // Not there, refused, or in another page's hands.
    return null;
  }
}

/** Keep an image, and nothing that older versions left; nothing at all once everything was to be erased. */
export async function leaveImage(build: PythonBuild, bytes: Uint8Array[]) {
  if (erased) return;
  const folder = await folderOf(build, true);
  const name = nameOf(build);
  for await (const old of folder.keys()) if (old !== name) await folder.removeEntry(old);
  const file = await (await folder.getFileHandle(name, { create: true })).createSyncAccessHandle();
  try {
    file.truncate(0);
    let at = 0;
    for (const part of bytes) {
      for (let from = 0; from < part.length; from += SLICE) {
        const slice = part.subarray(from, from + SLICE);
        if (file.write(slice, { at }) !== slice.length) throw new Error('the device is full');
        at += slice.length;
        await new Promise((resolve) => setTimeout(resolve));
        if (erased) return file.truncate(0);
      }
    }
    file.flush();
  } catch (error) {
    file.truncate(0);
    throw error;
  } finally {
    file.close();
  }
}

const length = ({ parts }: Half) => parts.reduce((sum, bytes) => sum + bytes, 0);

/** At once and in this thread: half of the time that any other way takes, which goes through other processes. */
function read(file: any, at: number, place: Uint8Array) {
  if (file.read(place, { at }) !== place.length) throw new Error('what is kept on this device ends too early');
  return place;
}

const sha256 = (bytes: Uint8Array) => crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);

const hashesOf = (bytes: Uint8Array) => slicesOf(bytes).map(sha256);

async function verify(hashes: Promise<ArrayBuffer>[], half: Half) {
  const found = (await Promise.all(hashes)).map((hash) => [...new Uint8Array(hash)]);
  const hash = hex(await sha256(Uint8Array.from(found.flat())));
  if (hash !== half.sha256) throw new Error(`what is kept on this device has another sha256: ${hash}`);
}

function split(bytes: Uint8Array, half: Half) {
  let end = 0;
  return half.parts.map((size) => {
    end += size;
    return bytes.subarray(end - size, end);
  });
}
