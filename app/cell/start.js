/**
 * Python in the sandbox: from the same snapshot as the page's own, which takes a second, or in Pyodide's ordinary way.
 *
 * @typedef {import('../engine/protocol').PythonBuild} PythonBuild
 * @typedef {import('../engine/protocol').Stage} Stage
 * @typedef {{pyodide: any, quick: boolean, slow: string, library: import('../engine/library.js').Library}} Started
 */

import { coreOf } from '../engine/core.js';
import { createLibrary, wholeLibrary } from '../engine/library.js';
import { fromNetwork } from '../engine/parts.js';
import { restore } from '../engine/restore.js';
import cell from './cell.py';

const SITE = '/lib/python3.14/site-packages';
const HERE = '/cell';

/**
 * @param {PythonBuild} python
 * @param {boolean} quick
 * @param {(stage: Stage) => void} report
 * @returns {Promise<Started>}
 */
export async function start(python, quick, report) {
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
  return { pyodide, quick: false, slow, library: wholeLibrary() };
}

/** A program of Pyodide under an address that this origin may import from. @param {PythonBuild} python @param {string} file */
async function program({ base }, file) {
  const response = await fetch(base + file);
  return URL.createObjectURL(new Blob([await response.arrayBuffer()], { type: 'text/javascript' }));
}

/** @param {PythonBuild} python @returns {Promise<PythonBuild>} */
async function withPrograms(python) {
  const [loader, core, lock] = await Promise.all([
    program(python, 'pyodide.mjs'),
    program(python, 'pyodide.asm.mjs'),
    fetch(`${python.base}pyodide-lock.json`).then((response) => response.json()),
  ]);
  return { ...python, lent: { loader, core, lock } };
}

/** @param {PythonBuild} python @param {(stage: Stage) => void} report @returns {Promise<Started>} */
async function quickStart(python, report) {
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
  const { packages } = /** @type {any} */ (build.lent).lock;
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

  const library = createLibrary(pyodide, python, async (address) => (await fetch(address)).arrayBuffer());
  return { pyodide, quick: true, slow: '', library };
}

/** @param {PythonBuild} python @param {(stage: Stage) => void} report */
async function ordinaryStart(python, report) {
  report({ name: 'Fetching Python', loaded: 0, total: 0 });
  const { lent } = await withPrograms(python);
  const { loader, core, lock } = /** @type {NonNullable<PythonBuild['lent']>} */ (lent);
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

/** Put the cell's own program where Python finds it. @param {any} pyodide */
function install(pyodide) {
  put(pyodide, `${HERE}/nabla_cell.py`, cell);
  pyodide.runPython(`import sys; sys.path.append("${HERE}"); sys.path_importer_cache.clear()`);
  pyodide.pyimport('nabla_cell');
}

/** @param {any} pyodide @param {string} path @param {string} text */
function put({ FS }, path, text) {
  FS.mkdirTree(path.slice(0, path.lastIndexOf('/')));
  FS.writeFile(path, text);
}
