/**
 * A snapshot as it travels: frames end to end, each two 32-bit numbers (its length, its length unpacked) and that much
 * Zstandard. The first frame is the header as JSON, the others hold the pages that the header lists, one after another.
 * Zstandard, because it is a fifth smaller than gzip here and no slower to unpack; browsers do not bring it, so its
 * decoder comes as a little WebAssembly module.
 *
 * @typedef {object} Header
 * @property {string} build of Pyodide, as it calls itself
 * @property {string[]} sideModules the sha256 of each, in the order in which they are loaded
 * @property {number} heapBytes the length of the memory
 * @property {number} tableLength the length of the function table
 * @property {(number | null)[]} sums for each page of the first memory its checksum, or null where it varies
 * @property {[number, number][]} runs the pages that follow: [first, count]
 * @property {number[]} functions the numbers of Python's own functions
 * @property {[number, string][]} handles the libraries that are open
 * @property {unknown} hiwire what Pyodide needs to know of the objects of JavaScript that Python holds
 *
 * @typedef {{head: Uint8Array, header: Header, frames: Promise<Uint8Array[]>, packed: Uint8Array}} Snapshot `head` is
 *   the header as it came; `packed` is whole, and known to be right, when `frames` has come
 */

export const PAGE = 65536;
/** So many pages are read and written at once: nobody notices the pause. */
const MOST = 64;

/**
 * The runs of pages in pieces of a bearable length: [first, count].
 * @param {[number, number][]} runs
 * @returns {[number, number][]}
 */
export const piecesOf = (runs) =>
  runs.flatMap(([first, count]) =>
    Array.from({ length: Math.ceil(count / MOST) }, (_, i) => [first + i * MOST, Math.min(MOST, count - i * MOST)]),
  );

/**
 * Unpack a snapshot while it arrives. Resolves as soon as the header is there.
 * @param {AsyncIterable<Uint8Array> | Iterable<Uint8Array>} chunks
 * @param {{bytes: number, sha256: string}} expected
 * @param {WebAssembly.Module} decoder
 * @returns {Promise<Snapshot>}
 */
export async function open(chunks, expected, decoder) {
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
    /** @type {Uint8Array[]} */
    const all = [];
    for await (const frame of arrivals) all.push(frame);
    if (!expected.sha256) return all;
    const sha256 = hex(await crypto.subtle.digest('SHA-256', packed));
    if (sha256 !== expected.sha256) throw new Error(`the snapshot is not the one that was built: sha256 ${sha256}`);
    return all;
  }
}

/** So many bytes are hashed at once: of more, Chromium makes a copy in memory that it gets anew, which takes as long as the hash. */
const HASHED = 1 << 19;

/** What is hashed of some bytes, one after another. @param {Uint8Array} bytes */
export const slicesOf = (bytes) =>
  Array.from({ length: Math.ceil(bytes.length / HASHED) }, (_, i) => bytes.subarray(i * HASHED, (i + 1) * HASHED));

/** @param {Uint8Array} bytes @returns {Header} */
export const parseHeader = (bytes) => JSON.parse(new TextDecoder().decode(bytes));

/** @param {ArrayBuffer} bytes */
export const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** @param {WebAssembly.Module} decoder @returns {Promise<(packed: Uint8Array, length: number) => Uint8Array>} */
async function createUnpack(decoder) {
  /** @type {Uint8Array} */
  let memory;
  const env = {
    emscripten_notify_memory_growth() {
      memory = new Uint8Array(zstd.memory.buffer);
    },
  };
  const zstd = /** @type {any} */ (await WebAssembly.instantiate(decoder, { env })).exports;
  memory = new Uint8Array(zstd.memory.buffer);
  return (packed, length) => {
    const from = zstd.malloc(packed.length);
    const to = zstd.malloc(length);
    memory.set(packed, from);
    if (zstd.ZSTD_decompress(to, length, from, packed.length) !== length) throw new Error('the snapshot is damaged');
    const unpacked = memory.slice(to, to + length);
    zstd.free(to);
    zstd.free(from);
    return unpacked;
  };
}

/**
 * A plain sum over a part of a memory, to tell that it is what it should be.
 * @param {Int32Array} words
 */
export function checksum(words) {
  let sum = 0;
  for (let i = 0; i < words.length; i++) sum = (Math.imul(sum, 31) + /** @type {number} */ (words[i])) | 0;
  return sum;
}
