/**
 * How Python starts: from a snapshot of its memory, or, where that does not work, in Pyodide's ordinary way. Whatever
 * way is taken, `start` gives the one function through which the worker calls it.
 */

import { coreOf } from './core.ts';
import { leaveImage, openImage } from './device.ts';
import { bytesOf, Unreachable } from './get.ts';
import type { Library } from './library.ts';
import { createLibrary } from './library.ts';
import type { Parts } from './parts.ts';
import { fromDevice, fromNetwork, fromWorker } from './parts.ts';
import type { Kept, Note, PythonBuild, Stage, Start } from './protocol.ts';
import { fetchPyodide, restore } from './restore.ts';

export interface Python {
  /** runs a function of nabla.page.calls */
  call: (method: string, ...args: unknown[]) => any;
  library: Library;
  /** the memory that it holds, in bytes */
  heap: () => number;
  /** makes later answers faster, until something is called: the labs are imported, and on a first visit asked */
  rehearse: (asked: boolean) => Promise<void>;
}

/** So long after a start the device is asked to keep something: first come the visitor's questions. */
const REST = 1500;
/** So long at most, in ms, Python rehearses. */
const REHEARSAL = 2000;
/** The least time between two reports of what has arrived. */
const PACE = 100;

export async function start(
  { python, quick, again, kept }: Start,
  report: (stage: Stage) => void,
  tell: (note: Note) => void,
): Promise<Python> {
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

/** Ten times a second is often enough for a reader, and the page has other things to do. */
export function atTimes(report: (stage: Stage) => void) {
  let last = Number.NEGATIVE_INFINITY;
  return (stage: Stage) => {
    const now = performance.now();
    if (now - last < PACE && 0 < stage.loaded && stage.loaded < stage.total) return;
    last = now;
    report(stage);
  };
}

async function quickStart(
  build: PythonBuild,
  again: boolean,
  kept: Kept | null,
  report: (stage: Stage) => void,
  tell: (note: Note) => void,
) {
  if (!isSecureContext) throw new Error('outside a secure context the snapshot cannot be checked');
  const core = kept ? Promise.resolve(kept.core) : coreOf(build, again);
  // Whoever needs it is told what is wrong with it.
  core.catch(() => {});
  fetchPyodide(build);
  const image = await openImage(build);
  if (image) {
    try {
      const python = await wakeUp(build, fromDevice(core, image, kept), tell);
      setTimeout(() => python.rehearse(false), REST);
      return python;
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
  setTimeout(() => leave(build, parts).then(() => python.rehearse(true)), REST);
  return python;
}

async function wakeUp(build: PythonBuild, parts: Parts, tell: (note: Note) => void) {
  const pyodide = await restore(build, parts);
  const library = createLibrary(pyodide, build, bytesOf, { whole: false, scipy: true });
  library.begin('labs');
  // Told before any program runs: later nobody listens (`client.ts`).
  tell({ type: 'kept', kept: await parts.kept() });
  return pythonOf(pyodide, library);
}

async function leave(build: PythonBuild, parts: Parts) {
  try {
    await leaveImage(build, await parts.image());
  } catch (error) {
    console.warn('Nabla: nothing could be left on this device, so the next visit unpacks everything again.', error);
  }
}

function progress({ snapshot: { core, decoder, sideModules, bytes } }: PythonBuild, report: (stage: Stage) => void) {
  const total = [core, decoder, ...sideModules].reduce((sum, part) => sum + part.bytes, bytes);
  let loaded = 0;
  const arrived = (bytes: number) => {
    loaded += bytes;
    report({ name: 'Fetching Python', loaded, total });
  };
  arrived(0);
  return arrived;
}

function pythonOf(pyodide: any, library: Library): Python {
  const page = pyodide.pyimport('nabla.page.calls');
  let rehearsal: any = null;
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
    async rehearse(asked) {
      try {
        await library.open(['labs']);
      } catch (error) {
        // Whoever asks a lab is told; here nobody waits.
        console.warn('Nabla: the other labs did not come yet.', error);
        return;
      }
      rehearsal = pyodide.pyimport('awake').rehearse(asked);
      for (const last = performance.now() + REHEARSAL; rehearsal && performance.now() < last; ) {
        if (rehearsal.next().done) break;
        await new Promise((resolve) => setTimeout(resolve));
      }
      // Nothing is fetched for what nobody has asked; what a call misses, which ends a rehearsal, is the call's.
      if (rehearsal) library.missed();
      end();
    },
  };
}

async function ordinaryStart(build: PythonBuild, report: (stage: Stage) => void): Promise<Python> {
  const fetched = watchFetches(build, report);
  try {
    // Pyodide waits for ever for a file that does not come; whichever is known first decides.
    return await Promise.race([boot(build, report), fetched.failure]);
  } finally {
    fetched.unwatch();
  }
}

async function boot(build: PythonBuild, report: (stage: Stage) => void): Promise<Python> {
  const nabla = fetch(build.nabla);
  nabla.catch(() => {}); // told where it is awaited, unless Pyodide itself did not come
  const { loadPyodide } = await import(`${build.base}pyodide.mjs`);
  const pyodide = await loadPyodide({ indexURL: build.base, packages: ['numpy', 'sympy'] });
  pyodide.unpackArchive(await (await nabla).arrayBuffer(), 'zip', { extractDir: '/nabla' });
  report({ name: 'Opening the mathematics', loaded: 0, total: 0 });
  pyodide.runPython('import sys; sys.path.insert(0, "/nabla")');
  return pythonOf(pyodide, createLibrary(pyodide, build, bytesOf, { whole: true, scipy: true }));
}

/**
 * Watch what is fetched: report every byte that arrives, and notice what does not come. Pyodide itself has no hook
 * for it. Bytes are counted in a copy of each response; the responses stay as they came, so that the browser may keep
 * the code it compiles from them.
 */
function watchFetches(build: PythonBuild, report: (stage: Stage) => void) {
  const total = Object.values(build.files).reduce((sum, bytes) => sum + bytes, 0);
  const stage = { name: 'Fetching Python', loaded: 0, total };
  const original = self.fetch;
  let fail: (error: Error) => void = () => {};
  const failure: Promise<never> = new Promise((_, reject) => {
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

  async function count(copy: Response) {
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

const missing = (file: string | undefined, error: unknown) =>
  new Error(`${file} could not be fetched: ${error instanceof Error ? error.message : error}.`, { cause: error });
