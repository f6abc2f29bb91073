/** The sandbox's worker: starts Python, runs one program after another, and tells the page what comes of it. */

import { LibraryError } from '../engine/library.ts';
import { capMemory, floats } from '../engine/memory.ts';
import { fetchThroughPage } from './fetching.ts';
import type { CellError, FromCell, ToCell } from './protocol';
import type { Started } from './start.ts';
import { start } from './start.ts';

// Pyodide asks by it whether this is a module, which the policy would report.
Object.assign(self, { importScripts: undefined });

capMemory();

self.addEventListener('message', ({ ports: [port] }) => port && listen(port), { once: true });

function listen(port: MessagePort) {
  let fetching: ReturnType<typeof fetchThroughPage> | null = null;
  let started: Promise<Started> | null = null;

  /** The program that runs, 0 for none. */
  let running = 0;
  /** A Python that has ended may leave nobody who would say so. */
  const fell = (cause: unknown) => {
    if (running) post({ type: 'done', run: running, error: fallen(cause), fatal: true, heap: 0 });
    running = 0;
  };
  self.addEventListener('error', (event) => fell(event.error ?? event.message));
  // A program that closed this thread would end without a word.
  const close = () => fell('The program has closed its own thread.');
  Object.assign(Object.getPrototypeOf(self), { close });
  Object.assign(self, { close });

  const post = (message: FromCell, transfer: Transferable[] = []) => port.postMessage(message, transfer);

  port.onmessage = async ({ data }) => {
    const message = data as ToCell;
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
          library.open([]).catch(() => {});
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

async function run(
  { pyodide, library }: Started,
  run: number,
  code: string,
  post: (message: FromCell, transfer?: Transferable[]) => void,
) {
  const emit: (stream: 'out' | 'err' | 'value' | 'show', text: string, memory?: any) => void = (
    stream,
    text,
    memory,
  ) => {
    if (stream !== 'show') return post({ type: 'text', run, stream, text });
    const numbers = memory ? floats(memory) : null;
    post({ type: 'show', run, text, numbers }, numbers ? [numbers.buffer] : []);
  };
  const once = async (): Promise<string | undefined> => {
    const cell = pyodide.pyimport('nabla_cell');
    const packages = cell.packages(code).toJs();
    if (packages.length) {
      await library.open([]);
      await pyodide.loadPackage(packages, { messageCallback() {} });
    }
    return cell.run(code, emit);
  };
  try {
    let error = await once();
    // A module was not there yet: the program begins again when it is.
    for (let parts = library.missed(); parts.length; parts = library.missed()) {
      await library.open(parts);
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

const heapOf = (pyodide: any): number => pyodide._module.HEAPU8.length;

function fallen(cause: unknown): CellError {
  const [message, trace] = cause instanceof Error ? [cause.message, cause.stack ?? ''] : [String(cause), ''];
  const name = cause instanceof LibraryError ? 'Not everything is here' : 'Python stopped working';
  return { name, message: message.slice(0, 20_000), hint: '', trace: trace.slice(0, 20_000), place: null };
}
