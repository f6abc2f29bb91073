/** The messages between the page and its worker, and the form in which arrays cross. */

import arrays from '../generated/arrays.json' with { type: 'json' };
import type { Block, NablaDocument } from '../generated/types';

/** where Python lies; what the build wrote, with absolute addresses */
export interface PythonBuild {
  /** the folder of Pyodide, its lock file and its wheels */
  base: string;
  /** the zip of the package */
  nabla: string;
  /** bytes of every file that an ordinary start fetches, for the progress */
  files: Record<string, number>;
  snapshot: SnapshotBuild;
  /** SciPy's wheel, in the folder of Pyodide */
  scipy: { file: string; bytes: number; sha256: string };
  /** where nothing can be imported from the site: addresses of Pyodide's two programs, and its lock file, from which packages are loaded later */
  lent?: { loader: string; core: string; lock: any };
}

/** a file in the folder of Pyodide; `bytes` as they travel */
export type Part = { file: string; bytes: number };

/** what a quick start fetches */
export interface Snapshot {
  core: Part;
  decoder: Part;
  /** in the order in which they are loaded */
  sideModules: (Part & { path: string; sha256: string })[];
  /** the head of Pyodide's lock file */
  info: Record<string, string>;
  /** the modules of ours that are not in memory, compiled */
  labs: Part & { sha256: string };
  /** of the snapshot, empty where whoever brings it has checked it */
  sha256: string;
  /** unpacked, as it is kept on the device */
  image: { sideModules: Half; memory: Half };
}

/** the lengths of its parts, and the hash of all their hashes */
export type Half = { parts: number[]; sha256: string };

export type SnapshotBuild = Part & Snapshot;

/** what a quick start has fetched and compiled, for the next worker */
export interface Kept {
  core: WebAssembly.Module;
  sideModules: WebAssembly.Module[];
  /** null when it came from the device, where the next start finds it again */
  snapshot: { decoder: WebAssembly.Module; packed: Uint8Array } | null;
}

/**
 * `cell` is the sandbox; `prepared` are the addresses of stored answers, see prepared.js; `start` those of the start page's program
 */
export type Build = {
  version: string;
  worker: string;
  cell: { frame: string; worker: string };
  python: PythonBuild;
  licences: string;
  start: string[];
  prepared: Record<string, string>;
};

export type Method = 'run' | 'preview' | 'understood' | 'export';

/** `again` where an earlier visit has left the files of the site */
export type Start = { type: 'start'; python: PythonBuild; quick: boolean; again: boolean; kept: Kept | null };

export type Call = { type: 'call'; id: number; method: Method; args: string[] };

/**
 * what the page wants of a call under way that goes in steps: to wait, to go on, to come to an end with what there is, or to be given up
 */
export type Wish = { type: 'pause' | 'resume' | 'finish' | 'quit'; id: number };

export type ToWorker = Start | Call | Wish;

/** how far the start is */
export interface Stage {
  name: string;
  /** bytes that have arrived */
  loaded: number;
  /** bytes that are expected, 0 when none are */
  total: number;
}

export type StageMessage = { type: 'stage' } & Stage;

export type Ready = { type: 'ready' };

/** for the next start: what it need not fetch again; or that a quick start of this version is in vain here */
export type Note = { type: 'kept'; kept: Kept } | { type: 'refused'; cause: string };

/** the start came to nothing */
export type Failed = { type: 'failed'; message: string; trace: string };

/** this call goes in steps, and hears wishes between them */
export type Pausable = { type: 'pausable'; id: number };

export type BlockMessage = { type: 'block'; id: number; text: string; numbers: Float64Array };

/** `heap` is the memory that Python holds now, in bytes */
export type Done = { type: 'done'; id: number; text: string; numbers: Float64Array | null; heap: number };

/** what comes later: the rest of Python's own, NumPy's and SymPy's files; SciPy; the labs that are not in the snapshot */
export type LibraryPart = 'library' | 'scipy' | 'labs';

/** this call waits for files of some parts of the library, or goes on with them */
export type LibraryMessage = { type: 'library'; id: number; here: boolean; parts: LibraryPart[]; stage: Stage | null };

/** a mistake of ours; `fatal` when Python itself can no longer be used */
export type Crash = { type: 'crash'; id: number; message: string; trace: string; fatal: boolean; heap: number };

export type FromWorker = StageMessage | Ready | Note | Failed | Pausable | BlockMessage | LibraryMessage | Done | Crash;

export interface EngineStatus {
  phase: 'idle' | 'starting' | 'ready' | 'failed';
  stage: Stage | null;
  /** why the start failed */
  cause: string;
  trace: string;
}

/** The fields that hold arrays, by the kind of a block or mark; none where only a part of it does. */
const ARRAYS: Record<string, string[]> = arrays;

/**
 * A document from JSON, its arrays as flat `Float64Array`: from the worker they are references into `numbers`, in a
 * stored document nested lists in which null stands for NaN.
 */
export function decodeDocument(data: any, numbers: Float64Array | null = null): NablaDocument {
  return { ...data, blocks: data.blocks.map((block: any) => decodeBlock(block, numbers)) };
}

export function decodeBlock(block: any, numbers: Float64Array | null = null): Block {
  return Object.hasOwn(ARRAYS, block.kind) ? decoded(block, numbers) : block;
}

/** A block or a part of one, with the arrays that its class has. */
function decoded(part: any, numbers: Float64Array | null): any {
  if (Array.isArray(part)) return part.map((member) => decoded(member, numbers));
  if (part === null || typeof part !== 'object') return part;
  const own = ARRAYS[part.kind ?? part.mark] ?? [];
  const fields = Object.entries(part).map(([name, value]) => [
    name,
    value && own.includes(name) ? decodeArray(value, numbers) : decoded(value, numbers),
  ]);
  return Object.fromEntries(fields);
}

function decodeArray(value: any, numbers: Float64Array | null) {
  if (Array.isArray(value)) return Float64Array.from(value.flat(), number);
  const [offset, shape] = value.$f64;
  const length = shape.reduce((product: number, size: number) => product * size, 1);
  if (!numbers) throw new Error('a document refers to numbers that did not come with it');
  return numbers.subarray(offset, offset + length);
}

/** @param value JSON has no NaN and no infinity; Python wrote null, "inf" and "-inf" */
export function number(value: unknown) {
  if (value === null || value === undefined) return Number.NaN;
  if (value === 'inf') return Number.POSITIVE_INFINITY;
  if (value === '-inf') return Number.NEGATIVE_INFINITY;
  return Number(value);
}

/** The JSON of a worker's answer with its arrays as nested lists, as `Document.to_dict` gives it. */
export function plainJson(text: string, numbers: Float64Array | null) {
  return JSON.parse(text, (_, value) => {
    if (!value?.$f64 || !numbers) return value;
    const [offset, shape] = value.$f64;
    return nested(numbers, offset, shape);
  });
}

function nested(numbers: Float64Array, offset: number, shape: number[]): any {
  const [size = 0, ...rest] = shape;
  if (rest.length === 0) return written(numbers.subarray(offset, offset + size));
  const step = rest.reduce((product, length) => product * length, 1);
  return Array.from({ length: size }, (_, i) => nested(numbers, offset + i * step, rest));
}

/** Numbers as JSON holds them. */
export const written = (numbers: Iterable<number>) =>
  Array.from(numbers, (value) =>
    Number.isNaN(value) ? null : Number.isFinite(value) ? value : value > 0 ? 'inf' : '-inf',
  );
