/**
 * The rest of the library: what was not imported when the snapshot was made lies in files that come when they are first
 * needed. Python cannot wait for them, so a call that misses a module is given up, and made again once they are there.
 * SciPy comes in the same way, from the same release as NumPy, and so do the labs that are not in the snapshot.
 */

import { hex, unpackFrame } from './container.ts';
import type { LibraryPart, PythonBuild, Stage } from './protocol.ts';

export type Library = ReturnType<typeof createLibrary>;

type Arrived = (bytes: number) => void;
type Bytes = Uint8Array<ArrayBuffer>;

const SITE = '/lib/python3.14/site-packages';
const STDLIB = '/lib/python314.zip';
const NABLA = '/nabla';
const NAMES = { library: 'Fetching more of Python', scipy: 'Fetching SciPy', labs: 'Fetching the lab' };

/** The files did not come; Python is as it was. */
export class LibraryError extends Error {}

/**
 * @param pyodide that knows Nabla
 * @param given `whole` where Python's own library and all labs are there already, `scipy` where it is brought when it
 *   is imported: SymPy does so wherever it may
 */
export function createLibrary(
  pyodide: any,
  build: PythonBuild,
  fetchBytes: (address: string, arrived: Arrived) => Promise<ArrayBuffer>,
  given: { whole: boolean; scipy: boolean },
) {
  const missing = new Set<LibraryPart>();
  const opened = new Map<LibraryPart, Promise<void>>();
  const begun = new Map<LibraryPart, Promise<ArrayBuffer[]>>();
  const python = pyodide.pyimport('nabla.page.library');

  const miss = (part: LibraryPart) => {
    missing.add(part);
  };

  /** What belongs to a part, with its bytes. */
  function filesOf(part: LibraryPart): [string, number][] {
    if (part === 'scipy') return [[build.scipy.file, build.scipy.bytes]];
    if (part === 'labs') return [build.snapshot.labs, build.snapshot.decoder].map(({ file, bytes }) => [file, bytes]);
    return Object.entries(build.files)
      .map(([path, bytes]): [string, number] => [path.split('/').at(-1) ?? '', bytes])
      .filter(([file]) => file === 'python_stdlib.zip' || file.endsWith('.whl'));
  }

  const bytesOf = (part: LibraryPart, arrived: Arrived) =>
    Promise.all(filesOf(part).map(([file]) => fetchBytes(build.base + file, arrived)));

  async function fetchPart(part: LibraryPart, report: (stage: Stage) => void) {
    const files = filesOf(part);
    const stage = { name: NAMES[part], loaded: 0, total: files.reduce((sum, [, bytes]) => sum + bytes, 0) };
    const arrived = (bytes: number) => {
      stage.loaded += bytes;
      report({ ...stage });
    };
    report({ ...stage });
    const parts = (await (begun.get(part) ?? bytesOf(part, arrived))).map((bytes) => new Uint8Array(bytes));
    begun.delete(part);
    const sealed = { library: null, scipy: build.scipy, labs: build.snapshot.labs }[part];
    if (sealed) await verify(parts[0] as Bytes, sealed);
    if (part === 'labs') {
      const [packed, decoder] = parts as [Bytes, Bytes];
      const archive = await unpackFrame(packed, await WebAssembly.compile(decoder));
      pyodide.unpackArchive(archive, 'zip', { extractDir: NABLA });
    } else {
      files.forEach(([file], i) => {
        if (file === 'python_stdlib.zip') pyodide.FS.writeFile(STDLIB, parts[i]);
        else pyodide.unpackArchive(parts[i], 'wheel', { extractDir: SITE });
      });
    }
    python.has_come(part);
  }

  async function openPart(part: LibraryPart, report: (stage: Stage) => void) {
    // SciPy imports what NumPy has kept back.
    if (part === 'scipy') await openPart('library', report);
    const promise =
      opened.get(part) ??
      fetchPart(part, report).catch((error) => {
        opened.delete(part);
        begun.delete(part);
        throw new LibraryError('A part of Python’s library could not be fetched. Is there a network?', {
          cause: error,
        });
      });
    opened.set(part, promise);
    await promise;
  }

  pyodide.FS.mkdirTree(SITE);
  if (given.whole) for (const part of ['library', 'labs'] as const) opened.set(part, Promise.resolve());
  else pyodide.pyimport('awake').awake(miss);
  if (given.scipy) python.watch('scipy', ['scipy'], miss);

  return {
    /** The parts of which a module was missing since this was asked last. */
    missed(): LibraryPart[] {
      const now = [...missing];
      missing.clear();
      return now;
    },
    /** Have the files of a part on their way, for when they are needed. */
    begin(part: LibraryPart) {
      if (opened.has(part) || begun.has(part)) return;
      const bytes = bytesOf(part, () => {});
      // Told to whoever opens the part.
      bytes.catch(() => {});
      begun.set(part, bytes);
    },
    /** Bring the files of some parts. Resolves when every module of theirs can be imported. */
    async open(parts: LibraryPart[], report: (stage: Stage) => void = () => {}) {
      for (const part of parts) await openPart(part, report);
    },
  };
}

async function verify(bytes: Bytes, { file, sha256 }: { file: string; sha256: string }) {
  // Where nothing can be verified, outside a secure context, the connection is all there is.
  if (!crypto.subtle) return;
  const found = hex(await crypto.subtle.digest('SHA-256', bytes));
  if (found !== sha256) throw new Error(`${file} is not the one that the page was built with: sha256 ${found}`);
}
