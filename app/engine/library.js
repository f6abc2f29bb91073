/**
 * The rest of the library: what was not imported when the snapshot was made lies in files that come when they are first
 * needed. Python cannot wait for them, so a call that misses a module is given up, and made again once they are there.
 *
 * @typedef {import('./protocol').PythonBuild} PythonBuild
 * @typedef {ReturnType<typeof createLibrary>} Library
 */

const SITE = '/lib/python3.14/site-packages';
const STDLIB = '/lib/python314.zip';

/** The files did not come; Python is as it was. */
export class LibraryError extends Error {}

/**
 * @param {any} pyodide restored from the snapshot
 * @param {PythonBuild} build
 * @param {(address: string) => Promise<ArrayBuffer>} fetchBytes
 */
export function createLibrary(pyodide, build, fetchBytes) {
  let missed = false;
  /** @type {Promise<void> | null} */
  let opened = null;
  const files = Object.keys(build.files)
    .map((path) => path.split('/').at(-1) ?? '')
    .filter((file) => file === 'python_stdlib.zip' || file.endsWith('.whl'));

  async function fetchAll() {
    const parts = await Promise.all(files.map((file) => fetchBytes(build.base + file)));
    files.forEach((file, i) => {
      const bytes = new Uint8Array(/** @type {ArrayBuffer} */ (parts[i]));
      if (file === 'python_stdlib.zip') pyodide.FS.writeFile(STDLIB, bytes);
      else pyodide.unpackArchive(bytes, 'wheel', { extractDir: SITE });
    });
    pyodide.pyimport('awake').library_is_here();
  }

  pyodide.FS.mkdirTree(SITE);
  pyodide.pyimport('awake').awake(() => {
    missed = true;
  });

  return {
    /** Whether a module was missing since this was asked last. */
    missed() {
      const now = missed;
      missed = false;
      return now;
    },
    /** Bring the files. Resolves when every module of the library can be imported. */
    open() {
      opened ??= fetchAll().catch((error) => {
        opened = null;
        throw new LibraryError('A part of Python’s library could not be fetched. Is there a network?', {
          cause: error,
        });
      });
      return opened;
    },
  };
}

/** For a Python that has everything already. @returns {Library} */
export const wholeLibrary = () => ({ missed: () => false, open: async () => {} });
