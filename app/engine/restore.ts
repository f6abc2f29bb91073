/**
 * The quick start: Python's memory, with NumPy, SymPy and Nabla imported long ago, put into a fresh instance of
 * Pyodide. Everything that could make it another Python than the one in the snapshot is checked, and throws; `boot.js`
 * then starts in the ordinary way.
 *
 * Pyodide can do this for Python alone. What it lacks is done here from the outside: memory is made large enough, the
 * side modules are loaded where they were, and the field is kept in which Python notes how this engine calls functions
 * of another type (the engine that made the snapshot may do it in another way).
 */

import type { Header } from './container.ts';
import { checksum, PAGE, piecesOf } from './container.ts';
import type { Image } from './device.ts';
import type { Pages, Parts } from './parts.ts';
import type { PythonBuild } from './protocol.ts';
import { renumber, trampolineField, withSideModules } from './side_modules.ts';

/** Once everything has been fetched, waking up takes so long at most; Pyodide may fail without a word. */
const PATIENCE = 30_000;
const WORDS = PAGE / 4;

/** @returns Pyodide */
export async function restore(build: PythonBuild, parts: Parts): Promise<any> {
  const here = Promise.all([parts.core, parts.sideModules, parts.header, parts.pages]);
  // What is wrong is told by the first that fails, or by Python; the others need not be asked.
  here.catch(() => {});
  const stackTraceLimit = Error.stackTraceLimit;
  // Loading throws and catches thousands of errors, whose traces cost a tenth of the start.
  Error.stackTraceLimit = 0;
  const giveBack = lendToPyodide(build.base, parts.core);
  try {
    return await Promise.race([wake(build, parts), here.then(patience)]);
  } finally {
    giveBack();
    Error.stackTraceLimit = stackTraceLimit;
  }
}

const patience = (): Promise<never> =>
  new Promise((_, reject) => setTimeout(reject, PATIENCE, new Error('Python does not wake up from the snapshot')));

/**
 * Pyodide fetches its core and the standard library itself: it is given the module that is being compiled already, and
 * nothing for the library, whose modules are in the snapshot.
 * @returns undoes it
 */
function lendToPyodide(base: string, core: Promise<WebAssembly.Module>): () => void {
  const { fetch } = self;
  const { instantiateStreaming } = WebAssembly;
  const lent = [`${base}pyodide.asm.wasm`, `${base}python_stdlib.zip`];
  self.fetch = async (...request) => (lent.includes(String(request[0])) ? new Response() : fetch(...request));
  WebAssembly.instantiateStreaming = async (_, imports) => {
    const module = await core;
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
  return () => {
    Object.assign(self, { fetch });
    Object.assign(WebAssembly, { instantiateStreaming });
  };
}

const pyodide = ({ base, lent }: PythonBuild) =>
  Promise.all([import(lent?.loader ?? `${base}pyodide.mjs`), import(lent?.core ?? `${base}pyodide.asm.mjs`)]);

/** Have the program fetched while this thread does something else. */
export function fetchPyodide(build: PythonBuild) {
  // Whoever needs it asks again, and is told then.
  pyodide(build).catch(() => {});
}

async function wake(build: PythonBuild, parts: Parts) {
  const { base, lent, snapshot: expected } = build;
  const [{ loadPyodide }, { default: create }] = await pyodide(build);
  const sideModules = parts.sideModules.then((modules) =>
    modules.map((module, i) => ({ path: expected.sideModules[i]?.path ?? '', module })),
  );
  // Where Python does not get as far as to ask for them, the reason is told elsewhere.
  sideModules.catch(() => {});
  const createPyodideModule = withSideModules(create, sideModules, {
    async before(M) {
      const header = await parts.header;
      if (header.build !== M.API.config.BUILD_ID) throw new Error('the snapshot belongs to another build of Pyodide');
      if (String(header.sideModules) !== String(expected.sideModules.map(({ sha256 }) => sha256))) {
        throw new Error('the snapshot belongs to other side modules');
      }
      renumber(M, header.functions);
    },
    async after(M) {
      const header = await parts.header;
      await fill(M, header, await parts.pages);
      reopen(M, header);
      M.API.restoreSnapshot = () => header.hiwire;
    },
  });
  return loadPyodide({
    indexURL: base,
    lockFileContents: lent?.lock ?? { info: expected.info, packages: {} },
    packageBaseUrl: base,
    // Says that there is a snapshot; which one, restoreSnapshot tells above.
    _loadSnapshot: new Uint8Array(64),
    createPyodideModule,
  });
}

/** Put the memory of the snapshot over the first memory of this instance. Python does not run meanwhile. */
async function fill(M: any, header: Header, pages: Pages) {
  const field = trampolineField(M);
  const trampoline = M.HEAP32[field];
  M.HEAP32[field] = 0;
  if ('frames' in pages) checkFirstMemory(M.HEAP32, header.sums);
  const used = Math.ceil((M._sbrk(0) >>> 0) / PAGE);
  M.growMemory(header.heapBytes);
  if ('frames' in pages) unpackInto(M.HEAP32, used, header, pages.frames);
  else await readInto(M.HEAPU8, used, header, pages.image);
  M.HEAP32[field] = trampoline;
}

/** @param used so many pages are not zero any more */
function unpackInto(memory: Int32Array, used: number, { sums, runs }: Header, frames: Uint8Array[]) {
  // What travels of a page that every instance begins with is how it differs. All other pages begin with zeros.
  const relative = (page: number) => (sums[page] ?? null) !== null;
  for (let page = 0; page < used; page++) if (!relative(page)) memory.fill(0, page * WORDS, (page + 1) * WORDS);
  const pages = pagesOf(frames);
  for (const [first, count] of runs) {
    for (let page = first; page < first + count; page++) {
      const words = pages.next().value as Int32Array;
      if (relative(page)) merge(words, memory, page * WORDS);
      memory.set(words, page * WORDS);
    }
  }
}

/** @param used so many pages are not zero any more */
async function readInto(memory: Uint8Array, used: number, { runs }: Header, image: Image) {
  const pieces = piecesOf(runs);
  let end = 0;
  for (const [first, count] of [...pieces, [used, 0] as const]) {
    if (end < used) memory.fill(0, end * PAGE, Math.min(first, used) * PAGE);
    end = first + count;
  }
  await image.read(pieces.map(([first, count]) => memory.subarray(first * PAGE, (first + count) * PAGE)));
}

function checkFirstMemory(memory: Int32Array, sums: (number | null)[]) {
  sums.forEach((sum, page) => {
    if (sum === null || sum === checksum(memory.subarray(page * WORDS, (page + 1) * WORDS))) return;
    throw new Error(`the first memory is not the one that the snapshot was made against (page ${page})`);
  });
}

function* pagesOf(stored: Uint8Array[]) {
  for (const { buffer, byteOffset, length } of stored) {
    for (let at = 0; at < length; at += PAGE) yield new Int32Array(buffer, byteOffset + at, WORDS);
  }
}

function merge(words: any, memory: any, start: number) {
  for (let i = 0; i < WORDS; i++) words[i] ^= memory[start + i];
}

/** The libraries that Python has open, under the handles it knows them by. */
function reopen(M: any, { tableLength, handles }: Header) {
  M.wasmTable.grow(Math.max(0, tableLength - M.wasmTable.length));
  for (const [handle, name] of handles) {
    if (name === '__main__') M.LDSO.loadedLibsByHandle[handle] = M.LDSO.loadedLibsByName[name];
    else M.newDSO(name, handle, M.preloadedWasm[name]).global = false;
  }
}
