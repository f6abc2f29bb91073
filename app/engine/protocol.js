/**
 * The messages between the page and its worker, and the form in which arrays cross.
 *
 * @typedef {import('../generated/types').Block} Block
 * @typedef {import('../generated/types').NablaDocument} NablaDocument
 * @typedef {import('../generated/types').UserError} UserError
 *
 * @typedef {object} PythonBuild where Python lies; what the build wrote, with absolute addresses
 * @property {string} base the folder of Pyodide, its lock file and its wheels
 * @property {string} nabla the zip of the package
 * @property {Record<string, number>} files bytes of every file that an ordinary start fetches, for the progress
 * @property {SnapshotBuild} snapshot
 * @property {{loader: string, core: string, lock: any}} [lent] where nothing can be imported from the site: addresses of
 *   Pyodide's two programs, and its lock file, from which packages are loaded later
 *
 * @typedef {{file: string, bytes: number}} Part a file in the folder of Pyodide; `bytes` as they travel
 * @typedef {object} Snapshot what a quick start fetches
 * @property {Part} core
 * @property {Part} decoder
 * @property {(Part & {path: string, sha256: string})[]} sideModules in the order in which they are loaded
 * @property {Record<string, string>} info the head of Pyodide's lock file
 * @property {string} sha256 of the snapshot, empty where whoever brings it has checked it
 * @property {{sideModules: Half, memory: Half}} image unpacked, as it is kept on the device
 *
 * @typedef {{parts: number[], sha256: string}} Half the lengths of its parts, and the hash of all their hashes
 * @typedef {Part & Snapshot} SnapshotBuild
 *
 * @typedef {object} Kept what a quick start has fetched and compiled, for the next worker
 * @property {WebAssembly.Module} core
 * @property {WebAssembly.Module[]} sideModules
 * @property {{decoder: WebAssembly.Module, packed: Uint8Array} | null} snapshot null when it came from the device, where
 *   the next start finds it again
 *
 * @typedef {{version: string, worker: string, cell: {frame: string, worker: string, packages: string[]},
 *   python: PythonBuild,
 *   licences: string, start: string[], prepared: Record<string, string>}} Build `cell` is the sandbox, with
 *   the wheels that only it can load; `prepared` are
 *   the addresses of stored answers, see prepared.js; `start` those of the start page's program
 *
 * @typedef {'run' | 'preview' | 'export'} Method
 * @typedef {{type: 'start', python: PythonBuild, quick: boolean, again: boolean, kept: Kept | null}} Start `again` where
 *   an earlier visit has left the files of the site
 * @typedef {{type: 'call', id: number, method: Method, args: string[]}} Call
 * @typedef {{type: 'pause' | 'resume' | 'finish' | 'quit', id: number}} Wish what the page wants of a call under way that
 *   goes in steps: to wait, to go on, to come to an end with what there is, or to be given up
 * @typedef {Start | Call | Wish} ToWorker
 *
 * @typedef {object} Stage how far the start is
 * @property {string} name
 * @property {number} loaded bytes that have arrived
 * @property {number} total bytes that are expected, 0 when none are
 *
 * @typedef {{type: 'stage'} & Stage} StageMessage
 * @typedef {{type: 'ready'}} Ready
 * @typedef {{type: 'kept', kept: Kept} | {type: 'refused', cause: string}} Note for the next start: what it need not
 *   fetch again; or that a quick start of this version is in vain here
 * @typedef {{type: 'failed', message: string, trace: string}} Failed the start came to nothing
 * @typedef {{type: 'pausable', id: number}} Pausable this call goes in steps, and hears wishes between them
 * @typedef {{type: 'block', id: number, text: string, numbers: Float64Array}} BlockMessage
 * @typedef {{type: 'done', id: number, text: string, numbers: Float64Array | null, heap: number}} Done `heap` is the
 *   memory that Python holds now, in bytes
 * @typedef {{type: 'library', id: number, here: boolean}} LibraryMessage this call waits for files of the library, or
 *   goes on with them
 * @typedef {{type: 'crash', id: number, message: string, trace: string, fatal: boolean,
 *   heap: number}} Crash a mistake of ours;
 *   `fatal` when Python itself can no longer be used
 * @typedef {StageMessage | Ready | Note | Failed | Pausable | BlockMessage | LibraryMessage | Done | Crash} FromWorker
 *
 * @typedef {object} EngineStatus
 * @property {'idle' | 'starting' | 'ready' | 'failed'} phase
 * @property {Stage | null} stage
 * @property {string} cause why the start failed
 * @property {string} trace
 */

import arrays from '../generated/arrays.json' with { type: 'json' };

/** The fields that hold arrays, by the kind of a block or mark; none where only a part of it does. @type {Record<string, string[]>} */
const ARRAYS = arrays;

/**
 * A document from JSON, its arrays as flat `Float64Array`: from the worker they are references into `numbers`, in a
 * stored document nested lists in which null stands for NaN.
 * @param {any} data
 * @param {Float64Array | null} [numbers]
 * @returns {NablaDocument}
 */
export function decodeDocument(data, numbers = null) {
  return { ...data, blocks: data.blocks.map((/** @type {any} */ block) => decodeBlock(block, numbers)) };
}

/**
 * @param {any} block
 * @param {Float64Array | null} [numbers]
 * @returns {Block}
 */
export function decodeBlock(block, numbers = null) {
  return Object.hasOwn(ARRAYS, block.kind) ? decoded(block, numbers) : block;
}

/** A block or a part of one, with the arrays that its class has. @param {any} part @param {Float64Array | null} numbers @returns {any} */
function decoded(part, numbers) {
  if (Array.isArray(part)) return part.map((member) => decoded(member, numbers));
  if (part === null || typeof part !== 'object') return part;
  const own = ARRAYS[part.kind ?? part.mark] ?? [];
  const fields = Object.entries(part).map(([name, value]) => [
    name,
    value && own.includes(name) ? decodeArray(value, numbers) : decoded(value, numbers),
  ]);
  return Object.fromEntries(fields);
}

/** @param {any} value @param {Float64Array | null} numbers */
function decodeArray(value, numbers) {
  if (Array.isArray(value)) return Float64Array.from(value.flat(), number);
  const [offset, shape] = value.$f64;
  const length = shape.reduce((/** @type {number} */ product, /** @type {number} */ size) => product * size, 1);
  if (!numbers) throw new Error('a document refers to numbers that did not come with it');
  return numbers.subarray(offset, offset + length);
}

/** @param {unknown} value JSON has no NaN and no infinity; Python wrote null, "inf" and "-inf" */
export function number(value) {
  if (value === null || value === undefined) return Number.NaN;
  if (value === 'inf') return Number.POSITIVE_INFINITY;
  if (value === '-inf') return Number.NEGATIVE_INFINITY;
  return Number(value);
}

/**
 * The JSON of a worker's answer with its arrays as nested lists, as `Document.to_dict` gives it.
 * @param {string} text
 * @param {Float64Array | null} numbers
 */
export function plainJson(text, numbers) {
  return JSON.parse(text, (_, value) => {
    if (!value?.$f64 || !numbers) return value;
    const [offset, shape] = value.$f64;
    return nested(numbers, offset, shape);
  });
}

/** @param {Float64Array} numbers @param {number} offset @param {number[]} shape @returns {any} */
function nested(numbers, offset, shape) {
  const [size = 0, ...rest] = shape;
  if (rest.length === 0) return written(numbers.subarray(offset, offset + size));
  const step = rest.reduce((product, length) => product * length, 1);
  return Array.from({ length: size }, (_, i) => nested(numbers, offset + i * step, rest));
}

/** Numbers as JSON holds them. @param {Iterable<number>} numbers */
export const written = (numbers) =>
  Array.from(numbers, (value) =>
    Number.isNaN(value) ? null : Number.isFinite(value) ? value : value > 0 ? 'inf' : '-inf',
  );
