/**
 * Python in the sandbox: from the same snapshot as the page's own, which takes a second, or in Pyodide's ordinary way.
 *
 * @typedef {import('../engine/protocol').PythonBuild} PythonBuild
 * @typedef {import('../engine/protocol').Stage} Stage
 * @typedef {{pyodide: any, quick: boolean, slow: string, library: (wait: boolean) => Promise<void>}} Started `library`
 *   brings the files of the modules that are not in memory, for their import
 */

import { coreOf } from '../engine/core.js';
import { fromNetwork } from '../engine/parts.js';
import { restore } from '../engine/restore.js';
import cell from './cell.py';

const SITE = '/lib/python3.14/site-packages';
const STDLIB = '/lib/python314.zip';
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
  return { pyodide, quick: false, slow, library: async () => {} };
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
  const files = libraryFiles(python);
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

  /** @type {[string, ArrayBuffer][] | null} */
  let here = null;
  let open = false;
  let wanted = false;
  /** @type {Promise<void> | null} */
  let coming = null;
  function unpack() {
    if (open || !here) return;
    open = true;
    for (const [file, bytes] of here) {
      if (file === 'python_stdlib.zip') pyodide.FS.writeFile(STDLIB, new Uint8Array(bytes));
      else pyodide.unpackArchive(new Uint8Array(bytes), 'wheel', { extractDir: SITE });
    }
    here = null;
    pyodide.pyimport('importlib').invalidate_caches();
    pyodide.runPython('import sys; sys.path_importer_cache.clear()');
  }
  async function fetchLibrary() {
    here = await Promise.all(
      files.map(
        async (file) =>
          /** @type {[string, ArrayBuffer]} */ ([file, await (await fetch(python.base + file)).arrayBuffer()]),
      ),
    );
    if (wanted) unpack();
  }
  pyodide.pyimport('awake').awake(() => {
    wanted = true;
    unpack();
    if (!open) throw new Error('The rest of the library is still on its way; run this again in a moment.');
  });
  return {
    pyodide,
    quick: true,
    slow: '',
    async library(wait) {
      coming ??= fetchLibrary().catch((error) => {
        coming = null;
        throw error;
      });
      if (!wait) return void coming.catch(() => {});
      wanted = true;
      await coming;
      unpack();
    },
  };
}

/** The files that hold the whole library. @param {PythonBuild} python */
const libraryFiles = ({ files }) =>
  Object.keys(files)
    .map((path) => path.split('/').at(-1) ?? '')
    .filter((file) => file === 'python_stdlib.zip' || file.endsWith('.whl'));

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
  pyodide.FS.mkdirTree(SITE);
  put(pyodide, `${HERE}/nabla_cell.py`, cell);
  pyodide.runPython(`import sys; sys.path.append("${HERE}"); sys.path_importer_cache.clear()`);
  pyodide.pyimport('nabla_cell');
}

/** @param {any} pyodide @param {string} path @param {string} text */
function put({ FS }, path, text) {
  FS.mkdirTree(path.slice(0, path.lastIndexOf('/')));
  FS.writeFile(path, text);
}
