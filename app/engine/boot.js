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
  const fetched = watchFetches(build, report);
  try {
    // Pyodide waits for ever for a file that does not come; whichever is known first decides.
    return await Promise.race([boot(build, report), fetched.failure]);
  } finally {
    fetched.unwatch();
  }
}

/** @param {PythonBuild} build @param {(stage: Stage) => void} report @returns {Promise<Python>} */
async function boot(build, report) {
  const nabla = fetch(build.nabla);
  const { loadPyodide } = await import(`${build.base}pyodide.mjs`);
  const pyodide = await loadPyodide({ indexURL: build.base, packages: ['numpy', 'sympy'] });
  pyodide.unpackArchive(await (await nabla).arrayBuffer(), 'zip', { extractDir: '/nabla' });
  report({ name: 'Opening the mathematics', loaded: 0, total: 0 });
  pyodide.runPython('import sys; sys.path.insert(0, "/nabla")');
  const page = pyodide.pyimport('nabla.page');
  return { call: (method, ...args) => page[method](...args) };
}

/**
 * Watch what is fetched: report every byte that arrives, and notice what does not come. Pyodide itself has no hook
 * for it. Bytes are counted in a copy of each response; the responses stay as they came, so that the browser may keep
 * the code it compiles from them.
 * @param {PythonBuild} build
 * @param {(stage: Stage) => void} report
 */
function watchFetches(build, report) {
  const total = Object.values(build.files).reduce((sum, bytes) => sum + bytes, 0);
  const stage = { name: 'Fetching Python', loaded: 0, total };
  const original = self.fetch;
  /** @type {(error: Error) => void} */
  let fail = () => {};
  /** @type {Promise<never>} */
  const failure = new Promise((_, reject) => {
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

  /** @param {Response} copy */
  async function count(copy) {
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

/** @param {string | undefined} file @param {unknown} error */
const missing = (file, error) =>
  new Error(`${file} could not be fetched: ${error instanceof Error ? error.message : error}.`, { cause: error });
