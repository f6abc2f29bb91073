/** The sandbox's worker: starts Python, runs one program after another, and tells the page what comes of it. */

import { LibraryError } from '../engine/library.js';
import { capMemory, floats } from '../engine/memory.js';
import { fetchThroughPage } from './fetching.js';
import { start } from './start.js';

/** @typedef {import('./protocol').FromCell} FromCell */
/** @typedef {import('./start.js').Started} Started */

// Pyodide asks by it whether this is a module, which the policy would report.
Object.assign(self, { importScripts: undefined });

capMemory();

self.addEventListener('message', ({ ports: [port] }) => port && listen(port), { once: true });

/** @param {MessagePort} port */
function listen(port) {
  /** @type {ReturnType<typeof fetchThroughPage> | null} */
  let fetching = null;
  /** @type {Promise<Started> | null} */
  let started = null;

  /** The program that runs, 0 for none. */
  let running = 0;
  /** A Python that has ended may leave nobody who would say so. @param {unknown} cause */
  const fell = (cause) => {
    if (running) post({ type: 'done', run: running, error: fallen(cause), fatal: true, heap: 0 });
    running = 0;
  };
  self.addEventListener('error', (event) => fell(event.error ?? event.message));
  // A program that closed this thread would end without a word.
  const close = () => fell('The program has closed its own thread.');
  Object.assign(Object.getPrototypeOf(self), { close });
  Object.assign(self, { close });

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
        ({ pyodide, quick, slow, library }) => {
          pyodide._api.on_fatal = fell;
          post({ type: 'ready', quick, slow: slow.slice(0, 2000) });
          // Most programs need none of it; those that do will wait less. Who waits is told what is wrong.
          library.open().catch(() => {});
        },
        (error) => post({ type: 'failed', message: String(error), trace: String(error?.stack ?? '') }),
      );
    } else if (message.type === 'file') {
      fetching?.arrived(message.path, message.bytes, message.cause);
    } else if (message.type === 'run' && started) {
      const python = await started;
      running = message.run;
      await run(python, message.run, message.code, post);
      running = 0;
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
  /** @returns {Promise<string | undefined>} */
  const once = async () => {
    const cell = pyodide.pyimport('nabla_cell');
    const packages = cell.packages(code).toJs();
    if (packages.length) {
      await library.open();
      await pyodide.loadPackage(packages, { messageCallback() {} });
    }
    return cell.run(code, emit);
  };
  try {
    let error = await once();
    // A module was not there yet: the program begins again when it is.
    while (library.missed()) {
      await library.open();
      post({ type: 'again', run });
      error = await once();
    }
    post({ type: 'done', run, error: error ? JSON.parse(error) : null, fatal: false, heap: heapOf(pyodide) });
  } catch (error) {
    // Python tells its exceptions itself; whatever else comes has broken the interpreter, if it is not the network.
    const fatal = !(error instanceof LibraryError);
    post({ type: 'done', run, error: fallen(error), fatal, heap: 0 });
  }
}

/** @param {any} pyodide @returns {number} */
const heapOf = (pyodide) => pyodide._module.HEAPU8.length;

/** @param {unknown} cause @returns {import('./protocol').CellError} */
function fallen(cause) {
  const [message, trace] = cause instanceof Error ? [cause.message, cause.stack ?? ''] : [String(cause), ''];
  const name = cause instanceof LibraryError ? 'Not everything is here' : 'Python stopped working';
  return { name, message: message.slice(0, 20_000), hint: '', trace: trace.slice(0, 20_000), place: null };
}
