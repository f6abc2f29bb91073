/**
 * The quick start: Python's memory, with NumPy, SymPy and Nabla imported long ago, put into a fresh instance of
 * Pyodide. Everything that could make it another Python than the one in the snapshot is checked, and throws; `boot.js`
 * then starts in the ordinary way.
 *
 * Pyodide can do this for Python alone. What it lacks is done here from the outside: memory is made large enough, the
 * side modules are loaded where they were, and the field is kept in which Python notes how this engine calls functions
 * of another type (the engine that made the snapshot may do it in another way).
 *
 * @typedef {import('./container.js').Header} Header
 * @typedef {import('./protocol').PythonBuild} PythonBuild
 * @typedef {import('./protocol').SnapshotBuild} SnapshotBuild
 * @typedef {import('./protocol').Kept} Kept
 */

import { checksum, open, PAGE } from './container.js';
import { renumber, trampolineField, withSideModules } from './side_modules.js';

/** Once everything has been fetched, waking up takes so long at most; Pyodide may fail without a word. */
const PATIENCE = 30_000;
const WORDS = PAGE / 4;

/**
 * @param {PythonBuild} build
 * @param {Kept | null} kept what an earlier start has fetched and compiled
 * @param {(bytes: number) => void} arrived
 * @returns {Promise<{pyodide: any, kept: Kept}>}
 */
export async function restore(build, kept, arrived) {
  const { snapshot } = build;
  if (!isSecureContext) throw new Error('outside a secure context the snapshot cannot be checked');
  const parts = kept ? reuse(kept, snapshot) : fetchParts(build, arrived);
  const here = Promise.all([parts.core, parts.sideModules, parts.snapshot.then(({ frames }) => frames)]);
  const stackTraceLimit = Error.stackTraceLimit;
  // Loading throws and catches thousands of errors, whose traces cost a tenth of the start.
  Error.stackTraceLimit = 0;
  const giveBack = lendToPyodide(build.base, parts.core);
  try {
    const pyodide = await Promise.race([wake(build, parts), here.then(patience)]);
    const [core, sideModules] = await here;
    const [decoder, { packed }] = await Promise.all([parts.decoder, parts.snapshot]);
    return { pyodide, kept: { core, sideModules, decoder, packed } };
  } finally {
    giveBack();
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** @returns {Promise<never>} */
const patience = () =>
  new Promise((_, reject) => setTimeout(reject, PATIENCE, new Error('Python does not wake up from the snapshot')));

/**
 * Everything at once, from the first moment.
 * @param {PythonBuild} build @param {(bytes: number) => void} arrived
 */
function fetchParts({ base, snapshot }, arrived) {
  const compile = async (/** @type {{file: string, bytes: number}} */ { file, bytes }) => {
    const module = await WebAssembly.compileStreaming(get(base + file));
    arrived(bytes);
    return module;
  };
  const core = compile(snapshot.core);
  const response = get(base + snapshot.file);
  const decoder = compile(snapshot.decoder);
  const opened = Promise.all([response, decoder]).then(([response, decoder]) =>
    open(chunksOf(response, arrived), snapshot, decoder),
  );
  return { core, decoder, snapshot: opened, sideModules: Promise.all(snapshot.sideModules.map(compile)) };
}

/** Nothing is wrong with the snapshot, only with the way to it. */
export class Unreachable extends Error {}

/** @param {string} address */
async function get(address) {
  const response = await fetch(address).catch((error) => {
    throw new Unreachable(`${address} cannot be reached`, { cause: error });
  });
  if (!response.ok) throw new Error(`${address} could not be fetched: ${response.status} ${response.statusText}`);
  return response;
}

/** @param {Kept} kept @param {SnapshotBuild} expected */
function reuse({ core, sideModules, decoder, packed }, expected) {
  return {
    core: Promise.resolve(core),
    sideModules: Promise.resolve(sideModules),
    decoder: Promise.resolve(decoder),
    snapshot: open([packed], expected, decoder),
  };
}

/** @param {Response} response @param {(bytes: number) => void} arrived */
async function* chunksOf(response, arrived) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    arrived(value.length);
    yield value;
  }
}

/**
 * Pyodide fetches its core and the standard library itself: it is given the module that is being compiled already, and
 * nothing for the library, whose modules are in the snapshot.
 * @param {string} base
 * @param {Promise<WebAssembly.Module>} core
 * @returns {() => void} undoes it
 */
function lendToPyodide(base, core) {
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

/**
 * @param {PythonBuild} build
 * @param {ReturnType<typeof fetchParts>} parts
 */
async function wake({ base, snapshot: expected }, parts) {
  const [{ loadPyodide }, { default: create }, modules] = await Promise.all([
    import(`${base}pyodide.mjs`),
    import(`${base}pyodide.asm.mjs`),
    parts.sideModules,
  ]);
  const sideModules = modules.map((module, i) => ({ path: expected.sideModules[i]?.path ?? '', module }));
  const createPyodideModule = withSideModules(create, sideModules, {
    async before(M) {
      const { header } = await parts.snapshot;
      if (header.build !== M.API.config.BUILD_ID) throw new Error('the snapshot belongs to another build of Pyodide');
      if (String(header.sideModules) !== String(expected.sideModules.map(({ sha256 }) => sha256))) {
        throw new Error('the snapshot belongs to other side modules');
      }
      renumber(M, header.functions);
    },
    async after(M) {
      const { header, frames } = await parts.snapshot;
      fill(M, header, await frames);
      reopen(M, header);
      M.API.restoreSnapshot = () => header.hiwire;
    },
  });
  return loadPyodide({
    indexURL: base,
    lockFileContents: { info: expected.info, packages: {} },
    packageBaseUrl: base,
    // Says that there is a snapshot; which one, restoreSnapshot tells above.
    _loadSnapshot: new Uint8Array(64),
    createPyodideModule,
  });
}

/** Put the memory of the snapshot over the first memory of this instance. @param {any} M @param {Header} header @param {Uint8Array[]} frames */
function fill(M, header, frames) {
  const field = trampolineField(M);
  const trampoline = M.HEAP32[field];
  M.HEAP32[field] = 0;
  checkFirstMemory(M.HEAP32, header.sums);
  const used = Math.ceil((M._sbrk(0) >>> 0) / PAGE);
  M.growMemory(header.heapBytes);
  const memory = M.HEAP32;
  const pages = pagesOf(frames);
  // What is stored of a page that every instance begins with is how it differs. All other pages begin with zeros.
  const relative = (/** @type {number} */ page) => (header.sums[page] ?? null) !== null;
  for (let page = 0; page < used; page++) if (!relative(page)) memory.fill(0, page * WORDS, (page + 1) * WORDS);
  for (const [first, count] of header.runs) {
    for (let page = first; page < first + count; page++) {
      const stored = /** @type {Int32Array} */ (pages.next().value);
      if (relative(page)) merge(memory, page * WORDS, stored);
      else memory.set(stored, page * WORDS);
    }
  }
  memory[field] = trampoline;
}

/** @param {Int32Array} memory @param {(number | null)[]} sums */
function checkFirstMemory(memory, sums) {
  sums.forEach((sum, page) => {
    if (sum === null || sum === checksum(memory.subarray(page * WORDS, (page + 1) * WORDS))) return;
    throw new Error(`the first memory is not the one that the snapshot was made against (page ${page})`);
  });
}

/** @param {Uint8Array[]} frames */
function* pagesOf(frames) {
  for (const frame of frames) {
    for (let at = 0; at < frame.length; at += PAGE) yield new Int32Array(frame.buffer, frame.byteOffset + at, WORDS);
  }
}

/** @param {any} memory @param {number} start @param {any} difference */
function merge(memory, start, difference) {
  for (let i = 0; i < WORDS; i++) memory[start + i] ^= difference[i];
}

/** The libraries that Python has open, under the handles it knows them by. @param {any} M @param {Header} header */
function reopen(M, { tableLength, handles }) {
  M.wasmTable.grow(Math.max(0, tableLength - M.wasmTable.length));
  for (const [handle, name] of handles) {
    if (name === '__main__') M.LDSO.loadedLibsByHandle[handle] = M.LDSO.loadedLibsByName[name];
    else M.newDSO(name, handle, M.preloadedWasm[name]).global = false;
  }
}
