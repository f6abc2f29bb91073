/** The sandbox's worker: starts Python, runs one program after another, and tells the page what comes of it. */

import { floats } from '../engine/memory.js';
import { fetchThroughPage } from './fetching.js';
import { start } from './start.js';

/** @typedef {import('./protocol').FromCell} FromCell */
/** @typedef {import('./start.js').Started} Started */

// Pyodide asks by it whether this is a module, which the policy would report.
Object.assign(self, { importScripts: undefined });

self.addEventListener('message', ({ ports: [port] }) => port && listen(port), { once: true });

/** @param {MessagePort} port */
function listen(port) {
  /** @type {ReturnType<typeof fetchThroughPage> | null} */
  let fetching = null;
  /** @type {Promise<Started> | null} */
  let started = null;

  /** @param {FromCell} message @param {Transferable[]} [transfer] */
  const post = (message, transfer = []) => port.postMessage(message, transfer);

  port.onmessage = async ({ data }) => {
    const message = /** @type {import('./protocol').ToCell} */ (data);
    if (message.type === 'start') {
      const { python, quick } = message;
      fetching = fetchThroughPage(new URL('..', new URL('..', python.base)).href, (path) =>
        post({ type: 'want', path }),
      );
      started = start(python, quick, (stage) => post({ type: 'stage', ...stage }));
      started.then(
        ({ quick, slow, library }) => {
          post({ type: 'ready', quick, slow: slow.slice(0, 2000) });
          library(false);
        },
        (error) => post({ type: 'failed', message: String(error), trace: String(error?.stack ?? '') }),
      );
    } else if (message.type === 'file') {
      fetching?.arrived(message.path, message.bytes, message.cause);
    } else if (message.type === 'run' && started) {
      await run(await started, message.run, message.code, post);
    }
  };
}

/**
 * @param {Started} started
 * @param {number} run
 * @param {string} code
 * @param {(message: FromCell, transfer?: Transferable[]) => void} post
 */
async function run({ pyodide, library }, run, code, post) {
  /** @type {(stream: 'out' | 'err' | 'value' | 'show', text: string, memory?: any) => void} */
  const emit = (stream, text, memory) => {
    if (stream !== 'show') return post({ type: 'text', run, stream, text });
    const numbers = memory ? floats(memory) : null;
    post({ type: 'show', run, text, numbers }, numbers ? [numbers.buffer] : []);
  };
  try {
    const cell = pyodide.pyimport('nabla_cell');
    const packages = cell.packages(code).toJs();
    if (cell.needs_library(code)) await library(true);
    if (packages.length) await pyodide.loadPackage(packages, { messageCallback() {} });
    const error = await cell.run(code, emit);
    post({ type: 'done', run, error: error ? JSON.parse(error) : null, fatal: false });
  } catch (error) {
    // Python tells its exceptions itself; whatever else comes has broken the interpreter.
    const [message, trace] = error instanceof Error ? [error.message, error.stack ?? ''] : [String(error), ''];
    const told = { name: 'Python stopped working', message, hint: '', trace, place: null };
    post({ type: 'done', run, error: told, fatal: true });
  }
}
