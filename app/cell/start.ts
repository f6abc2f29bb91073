/**
 * Python in the sandbox: from the same snapshot as the page's own, which takes a second, or in Pyodide's ordinary way.
 */

import { coreOf } from '../engine/core.ts';
import type { Library } from '../engine/library.ts';
import { createLibrary } from '../engine/library.ts';
import { fromNetwork } from '../engine/parts.ts';
import type { PythonBuild, Stage } from '../engine/protocol.ts';
import { restore } from '../engine/restore.ts';
import cell from './python/nabla_cell.py';
import figures from './python/nabla_figures.py';
import magic from './python/nabla_magic.py';
import values from './python/nabla_values.py';

export type Started = { pyodide: any; quick: boolean; slow: string; library: Library };

const SITE = '/lib/python3.14/site-packages';
const HERE = '/cell';

export async function start(python: PythonBuild, quick: boolean, report: (stage: Stage) => void): Promise<Started> {
  let slow = '';
  if (quick) {
    try {
      return await quickStart(python, report);
    } catch (error) {
      slow = String(error);
    }
  }
  const pyodide = await ordinaryStart(python, report);
  install(pyodide);
  return {
    pyodide,
    quick: false,
    slow,
    library: createLibrary(pyodide, python, fetchBytes, { whole: true, scipy: false }),
  };
}

const fetchBytes = async (address: string) => (await fetch(address)).arrayBuffer();

/** A program of Pyodide under an address that this origin may import from. */
async function program({ base }: PythonBuild, file: string) {
  const response = await fetch(base + file);
  return URL.createObjectURL(new Blob([await response.arrayBuffer()], { type: 'text/javascript' }));
}

async function withPrograms(python: PythonBuild): Promise<PythonBuild> {
  const [loader, core, lock] = await Promise.all([
    program(python, 'pyodide.mjs'),
    program(python, 'pyodide.asm.mjs'),
    fetch(`${python.base}pyodide-lock.json`).then((response) => response.json()),
  ]);
  return { ...python, lent: { loader, core, lock } };
}

async function quickStart(python: PythonBuild, report: (stage: Stage) => void): Promise<Started> {
  const { core, decoder, sideModules, bytes } = python.snapshot;
  const total = [core, decoder, ...sideModules].reduce((sum, part) => sum + part.bytes, bytes);
  let loaded = 0;
  const parts = fromNetwork(python, coreOf(python), (bytes) => {
    loaded += bytes;
    report({ name: 'Fetching Python', loaded, total });
  });
  // `restore` waits for all of these and reports what does not arrive.
  for (const part of [parts.core, parts.sideModules, parts.header]) part.catch(() => {});
  Promise.resolve(parts.pages).catch(() => {});
  const build = await withPrograms(python);
  const pyodide = await restore(build, parts);
  const { packages } = (build.lent as any).lock;
  for (const name of ['numpy', 'sympy', 'mpmath']) {
    // They are in memory; `importlib.metadata` looks for their files.
    const { version } = packages[name];
    put(
      pyodide,
      `${SITE}/${name}-${version}.dist-info/METADATA`,
      `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
    );
    pyodide.loadedPackages[name] = 'default channel';
  }
  install(pyodide);

  const library = createLibrary(pyodide, python, fetchBytes, { whole: false, scipy: false });
  return { pyodide, quick: true, slow: '', library };
}

async function ordinaryStart(python: PythonBuild, report: (stage: Stage) => void) {
  report({ name: 'Fetching Python', loaded: 0, total: 0 });
  const { lent } = await withPrograms(python);
  const { loader, core, lock } = lent as NonNullable<PythonBuild['lent']>;
  const nabla = fetch(python.nabla).then((response) => response.arrayBuffer());
  const [{ loadPyodide }, { default: create }] = await Promise.all([import(loader), import(core)]);
  const pyodide = await loadPyodide({
    indexURL: python.base,
    packageBaseUrl: python.base,
    lockFileContents: lock,
    createPyodideModule: create,
    packages: ['numpy', 'sympy'],
  });
  pyodide.unpackArchive(await nabla, 'zip', { extractDir: '/nabla' });
  report({ name: 'Opening the mathematics', loaded: 0, total: 0 });
  pyodide.runPython('import sys; sys.path.insert(0, "/nabla")');
  return pyodide;
}

/** Put the cell's own programs where Python finds them. */
function install(pyodide: any) {
  put(pyodide, `${HERE}/nabla_cell.py`, cell);
  put(pyodide, `${HERE}/nabla_figures.py`, figures);
  put(pyodide, `${HERE}/nabla_magic.py`, magic);
  put(pyodide, `${HERE}/nabla_values.py`, values);
  pyodide.runPython(`import sys; sys.path.append("${HERE}"); sys.path_importer_cache.clear()`);
  pyodide.pyimport('nabla_cell');
}

function put({ FS }: any, path: string, text: string) {
  FS.mkdirTree(path.slice(0, path.lastIndexOf('/')));
  FS.writeFile(path, text);
}
