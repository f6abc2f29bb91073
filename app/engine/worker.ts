/** The worker: starts Python, then answers one call after another. It never sees the page, only messages. */

import type { Python } from './boot.ts';
import { atTimes, start } from './boot.ts';
import { LibraryError } from './library.ts';
import { capMemory, floats } from './memory.ts';
import type { Call, FromWorker, ToWorker } from './protocol.ts';
import { raiseWall } from './wall.ts';

let python: Promise<Python> | null = null;

capMemory();

/** What is wanted of the call under way, read between its steps; and what waits for another wish. */
let wish = '';
let heard = () => {};

self.addEventListener('message', async ({ data }) => {
  const message = data as ToWorker;
  if (message.type === 'start') {
    python = start(
      message,
      (stage) => post({ type: 'stage', ...stage }),
      (note) => self.postMessage(note),
    );
    python.then(
      () => {
        raiseWall();
        post({ type: 'ready' });
      },
      (error) => post({ type: 'failed', ...told(error) }),
    );
  } else if (message.type !== 'call') {
    wish = message.type;
    heard();
  } else if (python) {
    wish = '';
    answer(await python, message);
  }
});

async function answer(python: Python, call: Call) {
  const { id } = call;
  try {
    let reply = await replyOf(python, call);
    // The call is made again once the modules that it missed are there; whatever it came to, they may have changed it.
    for (let parts = python.library.missed(); parts.length; parts = python.library.missed()) {
      post({ type: 'library', id, here: false, parts, stage: null });
      await python.library.open(
        parts,
        atTimes((stage) => post({ type: 'library', id, here: false, parts, stage })),
      );
      post({ type: 'library', id, here: true, parts, stage: null });
      reply = await replyOf(python, call);
    }
    if (reply.error) throw reply.error;
    post({ type: 'done', id, text: reply.text, numbers: reply.numbers, heap: python.heap() }, reply.numbers);
  } catch (error) {
    // An exception of Python leaves it as it was; anything else has broken the interpreter itself.
    const fatal = !(
      error instanceof LibraryError ||
      (error instanceof Error && error.constructor.name === 'PythonError')
    );
    post({ type: 'crash', id, fatal, heap: fatal ? 0 : python.heap(), ...told(error) });
  }
}

async function replyOf(
  python: Python,
  { id, method, args }: Call,
): Promise<{ text: string; numbers: Float64Array | null; error?: unknown }> {
  try {
    if (method !== 'run') return { text: python.call(method, ...args), numbers: null };
    const reply = await inSteps(python.call('answering', ...args, onBlock(id)), id);
    const [text, numbers] = reply ? taken(reply) : ['', null];
    return { text, numbers };
  } catch (error) {
    return { text: '', numbers: null, error };
  }
}

/**
 * Run a generator of Python to its end. Between its steps messages are read: nothing else reaches Python at work, in any
 * browser.
 * @returns what it returns; null when it was given up
 */
async function inSteps(work: any, id: number): Promise<any> {
  try {
    let step = work.next();
    if (!step.done) post({ type: 'pausable', id });
    while (!step.done) {
      await new Promise((resolve) => setTimeout(resolve));
      while (wish === 'pause') await new Promise((resolve) => (heard = () => resolve(null)));
      if (wish === 'quit') {
        work.return();
        return null;
      }
      step = work.next(wish === 'finish');
    }
    return step.value;
  } finally {
    work.destroy();
  }
}

/** What Python calls with each block while an answer grows. */
const onBlock = (id: number) => (text: string, memory: any) => {
  const numbers = floats(memory);
  post({ type: 'block', id, text, numbers }, numbers);
};

/** @param pair the tuple (text, memory) */
function taken(pair: any): [string, Float64Array] {
  const memory = pair.get(1);
  try {
    return [pair.get(0), floats(memory)];
  } finally {
    memory.destroy();
    pair.destroy();
  }
}

function told(error: unknown) {
  if (!(error instanceof Error)) return { message: String(error), trace: '' };
  return { message: lastLine(error.message), trace: error.stack ?? error.message };
}

/** The last line of a Python traceback says what happened. */
const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? text;

/** @param memory handed over with the message */
function post(message: FromWorker, memory?: { buffer: ArrayBufferLike } | null) {
  self.postMessage(message, { transfer: memory ? [memory.buffer as ArrayBuffer] : [] });
}
