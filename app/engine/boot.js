/**
 * How Python starts: from a snapshot of its memory, or, where that does not work, in Pyodide's ordinary way. Whatever
 * way is taken, `start` gives the one function through which the worker calls it.
 *
 * @typedef {import('./protocol').PythonBuild} PythonBuild
 * @typedef {import('./protocol').Stage} Stage
 * @typedef {import('./protocol').Start} Start
 * @typedef {import('./protocol').Note} Note
 * @typedef {import('./protocol').Kept} Kept
 * @typedef {import('./parts.js').Parts} Parts
 * @typedef {object} Python
 * @property {(method: string, ...args: unknown[]) => any} call runs a function of nabla.page.calls
 * @property {import('./library.js').Library} library
 * @property {() => number} heap the memory that it holds, in bytes
 * @property {() => Promise<void>} rehearse makes later answers faster, until something is called
 */

import { coreOf } from './core.js';
import { leaveImage, openImage } from './device.js';
import { get, Unreachable } from './get.js';
import { createLibrary, wholeLibrary } from './library.js';
import { fromDevice, fromNetwork, fromWorker } from './parts.js';
import { fetchPyodide, restore } from './restore.js';

/** So long after a start the device is asked to keep something: first come the visitor's questions. */
const REST = 1500;
/** So long at most, in ms, Python rehearses. */
const REHEARSAL = 2000;
/** The least time between two reports of what has arrived. */
const PACE = 100;

/**
 * @param {Start} how
 * @param {(stage: Stage) => void} report
 * @param {(note: Note) => void} tell
 * @returns {Promise<Python>}
 */
export async function start({ python, quick, again, kept }, report, tell) {
  const seldom = atTimes(report);
  if (!quick) return ordinaryStart(python, seldom);
  try {
    return await quickStart(python, again, kept, seldom, tell);
  } catch (error) {
    console.warn('Nabla: the quick start did not work, so Python starts in the ordinary way.', error);
    // A line that is down for a moment says nothing about the next visit.
    if (!(error instanceof Unreachable)) tell({ type: 'refused', cause: String(error) });
    return ordinaryStart(python, seldom);
  }
}

/** Ten times a second is often enough for a reader, and the page has other things to do. @param {(stage: Stage) => void} report */
function atTimes(report) {
  let last = Number.NEGATIVE_INFINITY;
  return (/** @type {Stage} */ stage) => {
    const now = performance.now();
    if (now - last < PACE && 0 < stage.loaded && stage.loaded < stage.total) return;
    last = now;
    report(stage);
  };
}

/**
 * @param {PythonBuild} build
 * @param {boolean} again
 * @param {Kept | null} kept
 * @param {(stage: Stage) => void} report
 * @param {(note: Note) => void} tell
 */
async function quickStart(build, again, kept, report, tell) {
  if (!isSecureContext) throw new Error('outside a secure context the snapshot cannot be checked');
  const core = kept ? Promise.resolve(kept.core) : coreOf(build, again);
  // Whoever needs it is told what is wrong with it.
  core.catch(() => {});
  fetchPyodide(build);
  const image = await openImage(build);
  if (image) {
    try {
      return await wakeUp(build, fromDevice(core, image, kept), tell);
    } catch (error) {
      if (error instanceof Unreachable) throw error;
      console.warn('Nabla: what an earlier visit left on this device is of no use and is fetched again.', error);
      await image.discard();
    } finally {
      image.close();
    }
  }
  const parts = kept?.snapshot
    ? fromWorker(build, kept, kept.snapshot)
    : fromNetwork(build, core, progress(build, report));
  const python = await wakeUp(build, parts, tell);
  setTimeout(() => leave(build, parts).then(python.rehearse), REST);
  return python;
}

/**
 * @param {PythonBuild} build
 * @param {Parts} parts
 * @param {(note: Note) => void} tell
 */
async function wakeUp(build, parts, tell) {
  const pyodide = await restore(build, parts);
  const library = createLibrary(pyodide, build, async (address) => (await get(address)).arrayBuffer());
  parts.kept().then((kept) => tell({ type: 'kept', kept }));
  return pythonOf(pyodide, library);
}

/** @param {PythonBuild} build @param {Parts} parts */
async function leave(build, parts) {
  try {
    await leaveImage(build, await parts.image());
  } catch (error) {
    console.warn('Nabla: nothing could be left on this device, so the next visit unpacks everything again.', error);
  }
}

/** @param {PythonBuild} build @param {(stage: Stage) => void} report */
function progress({ snapshot: { core, decoder, sideModules, bytes } }, report) {
  const total = [core, decoder, ...sideModules].reduce((sum, part) => sum + part.bytes, bytes);
  let loaded = 0;
  const arrived = (/** @type {number} */ bytes) => {
    loaded += bytes;
    report({ name: 'Fetching Python', loaded, total });
  };
  arrived(0);
  return arrived;
}

/** @param {any} pyodide @param {import('./library.js').Library} library @returns {Python} */
function pythonOf(pyodide, library) {
  const page = pyodide.pyimport('nabla.page.calls');
  /** @type {any} */
  let rehearsal = null;
  const end = () => {
    rehearsal?.return();
    rehearsal?.destroy();
    rehearsal = null;
  };
  return {
    call(method, ...args) {
      end();
      return page[method](...args);
    },
    library,
    heap: () => pyodide._module.HEAPU8.length,
    async rehearse() {
      rehearsal = pyodide.pyimport('awake').rehearse();
      for (const last = performance.now() + REHEARSAL; rehearsal && performance.now() < last; ) {
        if (rehearsal.next().done) break;
        await new Promise((resolve) => setTimeout(resolve));
      }
      end();
    },
  };
}

/**
 * @param {PythonBuild} build
 * @param {(stage: Stage) => void} report
 * @returns {Promise<Python>}
 */
async function ordinaryStart(build, report) {
  const fetched = watchFetches(build, report);
  try {
    // Pyodide waits for ever for a file that does not come; whichever is known first decides.
    return await Promise.race([boot(build, report), fetched.failure]);
  } finally {
    fetched.unwatch();
  }
}

/** @param {PythonBuild} build @param {(stage: Stage) => void} report @returns {Promise<Python>} */
async function boot(build, report) {
  const nabla = fetch(build.nabla);
  nabla.catch(() => {}); // told where it is awaited, unless Pyodide itself did not come
  const { loadPyodide } = await import(`${build.base}pyodide.mjs`);
  const pyodide = await loadPyodide({ indexURL: build.base, packages: ['numpy', 'sympy'] });
  pyodide.unpackArchive(await (await nabla).arrayBuffer(), 'zip', { extractDir: '/nabla' });
  report({ name: 'Opening the mathematics', loaded: 0, total: 0 });
  pyodide.runPython('import sys; sys.path.insert(0, "/nabla")');
  return pythonOf(pyodide, wholeLibrary());
}

/**
 * Watch what is fetched: report every byte that arrives, and notice what does not come. Pyodide itself has no hook
 * for it. Bytes are counted in a copy of each response; the responses stay as they came, so that the browser may keep
 * the code it compiles from them.
 * @param {PythonBuild} build
 * @param {(stage: Stage) => void} report
 */
function watchFetches(build, report) {
  const total = Object.values(build.files).reduce((sum, bytes) => sum + bytes, 0);
  const stage = { name: 'Fetching Python', loaded: 0, total };
  const original = self.fetch;
  /** @type {(error: Error) => void} */
  let fail = () => {};
  /** @type {Promise<never>} */
  const failure = new Promise((_, reject) => {
    fail = reject;
  });
  report({ ...stage });

  self.fetch = async (resource, options) => {
    const file = new URL(resource instanceof Request ? resource.url : resource).pathname.split('/').at(-1);
    try {
      const response = await original(resource, options);
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      count(response.clone()).catch((error) => fail(missing(file, error)));
      return response;
    } catch (error) {
      fail(missing(file, error));
      throw error;
    }
  };

  /** @param {Response} copy */
  async function count(copy) {
    for (const reader = copy.body?.getReader(); reader; ) {
      const { done, value } = await reader.read();
      if (done) return;
      stage.loaded += value.byteLength;
      report({ ...stage });
    }
  }

  return {
    failure,
    unwatch() {
      self.fetch = original;
    },
  };
}

/** @param {string | undefined} file @param {unknown} error */
const missing = (file, error) =>
  new Error(`${file} could not be fetched: ${error instanceof Error ? error.message : error}.`, { cause: error });
