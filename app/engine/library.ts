/**
 * The rest of the library: what was not imported when the snapshot was made lies in files that come when they are first
 * needed. Python cannot wait for them, so a call that misses a module is given up, and made again once they are there.
 */

import type { PythonBuild } from './protocol.ts';

export type Library = ReturnType<typeof createLibrary>;

const SITE = '/lib/python3.14/site-packages';
const STDLIB = '/lib/python314.zip';

/** The files did not come; Python is as it was. */
export class LibraryError extends Error {}

/** @param pyodide restored from the snapshot */
export function createLibrary(pyodide: any, build: PythonBuild, fetchBytes: (address: string) => Promise<ArrayBuffer>) {
  let missed = false;
  let opened: Promise<void> | null = null;
  const files = Object.keys(build.files)
    .map((path) => path.split('/').at(-1) ?? '')
    .filter((file) => file === 'python_stdlib.zip' || file.endsWith('.whl'));

  async function fetchAll() {
    const parts = await Promise.all(files.map((file) => fetchBytes(build.base + file)));
    files.forEach((file, i) => {
      const bytes = new Uint8Array(parts[i] as ArrayBuffer);
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

/** For a Python that has everything already. */
export const wholeLibrary = (): Library => ({ missed: () => false, open: async () => {} });
