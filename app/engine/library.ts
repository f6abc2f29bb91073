/**
 * The rest of the library: what was not imported when the snapshot was made lies in files that come when they are first
 * needed. Python cannot wait for them, so a call that misses a module is given up, and made again once they are there.
 * SciPy comes in the same way, from the same release as NumPy.
 */

import { hex } from './container.ts';
import type { LibraryPart, PythonBuild, Stage } from './protocol.ts';

export type Library = ReturnType<typeof createLibrary>;

type Arrived = (bytes: number) => void;

const SITE = '/lib/python3.14/site-packages';
const STDLIB = '/lib/python314.zip';
const NAMES = { library: 'Fetching more of Python', scipy: 'Fetching SciPy' };

/** The files did not come; Python is as it was. */
export class LibraryError extends Error {}

/**
 * @param pyodide that knows Nabla
 * @param given `whole` where Python's own library is there already, `scipy` where it is brought when it is imported:
 *   SymPy does so wherever it may
 */
export function createLibrary(
  pyodide: any,
  build: PythonBuild,
  fetchBytes: (address: string, arrived: Arrived) => Promise<ArrayBuffer>,
  given: { whole: boolean; scipy: boolean },
) {
  const missing = new Set<LibraryPart>();
  const opened = new Map<LibraryPart, Promise<void>>();
  const python = pyodide.pyimport('nabla.page.library');

  const miss = (part: LibraryPart) => {
    missing.add(part);
  };

  /** What belongs to a part, with its bytes. */
  function filesOf(part: LibraryPart): [string, number][] {
    if (part === 'scipy') return [[build.scipy.file, build.scipy.bytes]];
    return Object.entries(build.files)
      .map(([path, bytes]): [string, number] => [path.split('/').at(-1) ?? '', bytes])
      .filter(([file]) => file === 'python_stdlib.zip' || file.endsWith('.whl'));
  }

  async function fetchPart(part: LibraryPart, report: (stage: Stage) => void) {
    const files = filesOf(part);
    const stage = { name: NAMES[part], loaded: 0, total: files.reduce((sum, [, bytes]) => sum + bytes, 0) };
    const arrived = (bytes: number) => {
      stage.loaded += bytes;
      report({ ...stage });
    };
    report({ ...stage });
    const parts = await Promise.all(files.map(([file]) => fetchBytes(build.base + file, arrived)));
    if (part === 'scipy') await verify(parts[0] as ArrayBuffer, build.scipy.sha256);
    files.forEach(([file], i) => {
      const bytes = new Uint8Array(parts[i] as ArrayBuffer);
      if (file === 'python_stdlib.zip') pyodide.FS.writeFile(STDLIB, bytes);
      else pyodide.unpackArchive(bytes, 'wheel', { extractDir: SITE });
    });
    python.has_come(part);
  }

  function openPart(part: LibraryPart, report: (stage: Stage) => void) {
    const promise =
      opened.get(part) ??
      fetchPart(part, report).catch((error) => {
        opened.delete(part);
        throw new LibraryError('A part of Python’s library could not be fetched. Is there a network?', {
          cause: error,
        });
      });
    opened.set(part, promise);
    return promise;
  }

  pyodide.FS.mkdirTree(SITE);
  if (given.whole) opened.set('library', Promise.resolve());
  else pyodide.pyimport('awake').awake(miss);
  if (given.scipy) python.watch('scipy', ['scipy'], miss);

  return {
    /** The parts of which a module was missing since this was asked last. */
    missed(): LibraryPart[] {
      const now = [...missing];
      missing.clear();
      return now;
    },
    /** Bring the files of some parts. Resolves when every module of theirs can be imported. */
    async open(parts: LibraryPart[], report: (stage: Stage) => void = () => {}) {
      // SciPy imports what NumPy has kept back.
      await openPart('library', report);
      for (const part of parts) await openPart(part, report);
    },
  };
}

async function verify(bytes: ArrayBuffer, sha256: string) {
  // Where nothing can be verified, outside a secure context, the connection is all there is.
  if (!crypto.subtle) return;
  const found = hex(await crypto.subtle.digest('SHA-256', bytes));
  if (found !== sha256) throw new Error(`SciPy is not the one that the page was built with: sha256 ${found}`);
}
