/**
 * The files of the site that the sandbox may have: those that Python is made of, which everybody may read. What runs in
 * the sandbox says what it wants in words of its own, so nothing else may be reached by any spelling: a name counts only
 * if it is one that the build wrote down, and leads where that name leads.
 */

import type { Build } from '../engine/protocol.ts';

/** Pyodide's two programs, which are imported and so are not among the files that an ordinary start fetches. */
const PROGRAMS = ['pyodide.mjs', 'pyodide.asm.mjs'];

/**
 * @param home the address of the site
 * @param wheels the files of the packages that Pyodide's lock file names
 * @returns the address of a file, null for what the sandbox may not have
 */
export function filesOfPython(
  { python: { base, nabla, files, snapshot } }: Build,
  home: string,
  wheels: string[],
): (path: string) => string | null {
  const parts = [snapshot, snapshot.core, snapshot.decoder, snapshot.labs, ...snapshot.sideModules].map(
    ({ file }) => file,
  );
  const inBase = [...PROGRAMS, ...wheels, ...parts].map((file) => base + file);
  const addresses = new Map([nabla, ...Object.keys(files), ...inBase].map((path) => [path, new URL(path, home).href]));
  return (path) => addresses.get(path) ?? null;
}
