/** The sandbox's worker: starts Python, runs one program after another, and tells the page what comes of it. */

import { LibraryError } from '../engine/library.ts';
import { bytes, capMemory, floats } from '../engine/memory.ts';
import { fetchThroughPage } from './fetching.ts';
import type { CellError, FromCell, ImageType, Program, ToCell, Written } from './protocol';
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
    if (running)
      post({ type: 'done', run: running, error: fallen(cause), fatal: true, heap: 0, written: [], names: NONE });
    running = 0;
  };
  self.addEventListener('error', (event) => fell(event.error ?? event.message));
  // A program that closed this thread would end without a word.
  const close = () => fell('The program has closed its own thread.');
  Object.assign(Object.getPrototypeOf(self), { close });
  Object.assign(self, { close });

  /** Gives the program what somebody has typed. */
  let answer: ((text: string) => void) | null = null;
  const asked = () =>
    new Promise<string>((resolve) => {
      answer = resolve;
    });

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
          library.open(['library', 'labs']).catch(() => {});
        },
        (error) => post({ type: 'failed', message: String(error), trace: String(error?.stack ?? '') }),
      );
    } else if (message.type === 'file') {
      fetching?.arrived(message.path, message.bytes, message.cause);
    } else if (message.type === 'run' && started) {
      const python = await started;
      running = message.run;
      await run(python, message, post, asked);
      running = 0;
    } else if (message.type === 'answer') {
      if (message.run === running) answer?.(message.text);
    } else if (message.type === 'put' && started) {
      (await started).pyodide.FS.writeFile(message.name, message.bytes);
    } else if (message.type === 'get' && started) {
      const bytes = (await started).pyodide.FS.readFile(message.name).slice();
      post({ type: 'saved', name: message.name, bytes }, [bytes.buffer]);
    }
  };
}

const NONE = { reads: [], writes: [] };

type Stream = 'out' | 'err' | 'value' | 'show' | 'image' | 'html';

async function run(
  { pyodide, library }: Started,
  { run, code, file, fresh }: { run: number } & Program,
  post: (message: FromCell, transfer?: Transferable[]) => void,
  asked: () => Promise<string>,
) {
  const emit = (stream: Stream, text: string, memory?: any) => {
    if (stream === 'show') {
      const numbers = memory ? floats(memory) : null;
      post({ type: 'show', run, text, numbers }, numbers ? [numbers.buffer] : []);
    } else if (stream === 'image') {
      const picture = bytes(memory);
      post({ type: 'image', run, mime: text as ImageType, bytes: picture }, [picture.buffer]);
    } else if (stream === 'html') post({ type: 'html', run, text });
    else post({ type: 'text', run, stream, text });
  };
  const ask = (prompt: string) => {
    post({ type: 'ask', run, prompt });
    return asked();
  };
  /** Bring the packages of the page that hold these modules; whether there were any. */
  const bring = async (modules: string[]) => {
    const wanted = packagesOf(pyodide, modules);
    if (!wanted.length) return false;
    await library.open(['library']);
    post({ type: 'stage', name: `Fetching ${wanted.join(', ')}`, loaded: 0, total: 0 });
    await pyodide.loadPackage(wanted, { messageCallback() {} });
    return true;
  };
  const once = async (): Promise<any> => {
    const cell = pyodide.pyimport('nabla_cell');
    await bring(cell.packages(code).toJs());
    const error = await cell.run(code, emit, ask, file, fresh);
    if (!error) return null;
    const { module, ...told } = JSON.parse(error);
    return { told, module };
  };
  const begun = Date.now();
  try {
    let error = await once();
    // A module was not there yet: the program begins again when it is.
    for (let missed = library.missed(); ; missed = library.missed()) {
      if (missed.length) await library.open(missed);
      else if (!error?.module || !(await bring([error.module]))) break;
      post({ type: 'again', run });
      error = await once();
    }
    const heap = heapOf(pyodide);
    const names = pyodide.pyimport('nabla_magic').names_of(code).toJs({ dict_converter: Object.fromEntries });
    post({
      type: 'done',
      run,
      error: error?.told ?? null,
      fatal: false,
      heap,
      written: written(pyodide, begun),
      names,
    });
  } catch (error) {
    // Python tells its exceptions itself; whatever else comes has broken the interpreter, if it is not the network.
    const fatal = !(error instanceof LibraryError);
    post({ type: 'done', run, error: fallen(error), fatal, heap: 0, written: [], names: NONE });
  }
}

/** The files that a program has written where it runs. */
function written({ FS }: any, since: number): Written[] {
  const files = FS.readdir('.').map((name: string) => ({ name, ...FS.stat(name) }));
  return files
    .filter(({ mode, mtime }: any) => FS.isFile(mode) && mtime.getTime() >= since - 1000)
    .slice(0, 50)
    .map(({ name, size }: Written) => ({ name: name.slice(0, 200), size }));
}

/** The packages of the page that hold some of these modules and are not loaded. */
function packagesOf(pyodide: any, modules: string[]): string[] {
  const packages: [string, { imports: string[] }][] = Object.entries(pyodide.lockfile.packages);
  return packages
    .filter(([name, { imports }]) => !pyodide.loadedPackages[name] && imports.some((one) => modules.includes(one)))
    .map(([name]) => name);
}

const heapOf = (pyodide: any): number => pyodide._module.HEAPU8.length;

function fallen(cause: unknown): CellError {
  const [message, trace] = cause instanceof Error ? [cause.message, cause.stack ?? ''] : [String(cause), ''];
  const name = cause instanceof LibraryError ? 'Not everything is here' : 'Python stopped working';
  return { name, message: message.slice(0, 20_000), hint: '', trace: trace.slice(0, 20_000), place: null };
}
