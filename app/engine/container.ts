/**
 * A snapshot as it travels: frames end to end, each two 32-bit numbers (its length, its length unpacked) and that much
 * Zstandard. The first frame is the header as JSON, the others hold the pages that the header lists, one after another.
 * Zstandard, because it is a fifth smaller than gzip here and no slower to unpack; browsers do not bring it, so its
 * decoder comes as a little WebAssembly module.
 */

export interface Header {
  /** of Pyodide, as it calls itself */
  build: string;
  /** the sha256 of each, in the order in which they are loaded */
  sideModules: string[];
  /** the length of the memory */
  heapBytes: number;
  /** the length of the function table */
  tableLength: number;
  /** for each page of the first memory its checksum, or null where it varies */
  sums: (number | null)[];
  /** the pages that follow: [first, count] */
  runs: [number, number][];
  /** the numbers of Python's own functions */
  functions: number[];
  /** the libraries that are open */
  handles: [number, string][];
  /** what Pyodide needs to know of the objects of JavaScript that Python holds */
  hiwire: unknown;
}

/** `head` is the header as it came; `packed` is whole, and known to be right, when `frames` has come */
export type Snapshot = { head: Uint8Array; header: Header; frames: Promise<Uint8Array[]>; packed: Uint8Array };

export const PAGE = 65536;
/** So many pages are read and written at once: nobody notices the pause. */
const MOST = 64;

/** The runs of pages in pieces of a bearable length: [first, count]. */
export const piecesOf = (runs: [number, number][]): [number, number][] =>
  runs.flatMap(([first, count]) =>
    Array.from({ length: Math.ceil(count / MOST) }, (_, i) => [first + i * MOST, Math.min(MOST, count - i * MOST)]),
  );

/** Unpack a snapshot while it arrives. Resolves as soon as the header is there. */
export async function open(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  expected: { bytes: number; sha256: string },
  decoder: WebAssembly.Module,
): Promise<Snapshot> {
  const packed = new Uint8Array(expected.bytes);
  const view = new DataView(packed.buffer);
  const unpack = await createUnpack(decoder);
  const arrivals = frames();
  const { value: head, done } = await arrivals.next();
  if (done) throw new Error('the snapshot is empty');
  return { head, header: parseHeader(head), frames: collect(), packed };

  async function* frames() {
    let [arrived, start] = [0, 0];
    for await (const chunk of chunks) {
      if (arrived + chunk.length > packed.length) throw new Error('the snapshot is longer than it should be');
      packed.set(chunk, arrived);
      arrived += chunk.length;
      while (start + 8 <= arrived && start + 8 + view.getUint32(start, true) <= arrived) {
        const from = start + 8;
        start = from + view.getUint32(start, true);
        yield unpack(packed.subarray(from, start), view.getUint32(from - 4, true));
      }
    }
    if (arrived < packed.length) throw new Error('the snapshot is shorter than it should be');
  }

  async function collect() {
    const all: Uint8Array[] = [];
    for await (const frame of arrivals) all.push(frame);
    if (!expected.sha256) return all;
    const sha256 = hex(await crypto.subtle.digest('SHA-256', packed));
    if (sha256 !== expected.sha256) throw new Error(`the snapshot is not the one that was built: sha256 ${sha256}`);
    return all;
  }
}

/** So many bytes are hashed at once: of more, Chromium makes a copy in memory that it gets anew, which takes as long as the hash. */
const HASHED = 1 << 19;

/** What is hashed of some bytes, one after another. */
export const slicesOf = (bytes: Uint8Array) =>
  Array.from({ length: Math.ceil(bytes.length / HASHED) }, (_, i) => bytes.subarray(i * HASHED, (i + 1) * HASHED));

export const parseHeader = (bytes: Uint8Array): Header => JSON.parse(new TextDecoder().decode(bytes));

export const hex = (bytes: ArrayBuffer) =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The one frame of which some files consist. */
export async function unpackFrame(file: Uint8Array, decoder: WebAssembly.Module) {
  const unpack = await createUnpack(decoder);
  return unpack(file.subarray(8), new DataView(file.buffer, file.byteOffset).getUint32(4, true));
}

async function createUnpack(decoder: WebAssembly.Module): Promise<(packed: Uint8Array, length: number) => Uint8Array> {
  let memory: Uint8Array;
  const env = {
    emscripten_notify_memory_growth() {
      memory = new Uint8Array(zstd.memory.buffer);
    },
  };
  const zstd = ((await WebAssembly.instantiate(decoder, { env })) as any).exports;
  memory = new Uint8Array(zstd.memory.buffer);
  return (packed, length) => {
    const from = zstd.malloc(packed.length);
    const to = zstd.malloc(length);
    memory.set(packed, from);
    if (zstd.ZSTD_decompress(to, length, from, packed.length) !== length) throw new Error('what was packed is damaged');
    const unpacked = memory.slice(to, to + length);
    zstd.free(to);
    zstd.free(from);
    return unpacked;
  };
}

/** A plain sum over a part of a memory, to tell that it is what it should be. */
export function checksum(words: Int32Array) {
  let sum = 0;
  for (let i = 0; i < words.length; i++) sum = (Math.imul(sum, 31) + (words[i] as number)) | 0;
  return sum;
}
