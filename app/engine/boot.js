/**
 * How Python starts. Whatever way is taken, `start` gives the one function through which the worker calls it.
 *
 * @typedef {import('./protocol').PythonBuild} PythonBuild
 * @typedef {import('./protocol').Stage} Stage
 * @typedef {{call: (method: string, ...args: unknown[]) => any}} Python `call` runs a function of nabla.page
 */

/**
 * @param {PythonBuild} build
 * @param {(stage: Stage) => void} report
 * @returns {Promise<Python>}
 */
export async function start(build, report) {
  const progress = countFetched(build, report);
  const nabla = fetchBytes(build.nabla);
  const { loadPyodide } = await import(`${build.base}pyodide.mjs`);
  const pyodide = await loadPyodide({ indexURL: build.base, packages: ['numpy', 'sympy'] });
  pyodide.unpackArchive(await nabla, 'zip', { extractDir: '/nabla' });
  progress('Opening the mathematics');
  pyodide.runPython('import sys; sys.path.insert(0, "/nabla")');
  const page = pyodide.pyimport('nabla.page');
  return { call: (method, ...args) => page[method](...args) };
}

/** @param {string} address */
async function fetchBytes(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} could not be fetched: ${response.status} ${response.statusText}`);
  return response.arrayBuffer();
}

/**
 * Report every byte that arrives, by counting a copy of each response; Pyodide itself has no hook for it. The
 * responses stay as they came, so that the browser may keep the code it compiles from them.
 * @param {PythonBuild} build
 * @param {(stage: Stage) => void} report
 * @returns {(name: string) => void} reports a new stage under its name
 */
function countFetched(build, report) {
  const total = Object.values(build.files).reduce((sum, bytes) => sum + bytes, 0);
  const stage = { name: 'Fetching Python', loaded: 0, total };
  const fetched = self.fetch;
  self.fetch = async (...request) => {
    const response = await fetched(...request);
    if (response.ok && response.body) count(response.clone());
    return response;
  };
  report({ ...stage });

  /** @param {Response} copy */
  async function count(copy) {
    try {
      for (const reader = copy.body?.getReader(); reader; ) {
        const { done, value } = await reader.read();
        if (done) return;
        stage.loaded += value.byteLength;
        report({ ...stage });
      }
    } catch (error) {
      // Whoever reads the response itself meets the same error and tells it; this is only the figure.
      console.warn('Nabla: a download broke off.', error);
    }
  }

  return (name) => report({ name, loaded: 0, total: 0 });
}
