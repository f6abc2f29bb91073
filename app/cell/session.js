/**
 * What the Python cell knows and does: its program, the sandbox in which it runs, and what came of it. Nothing runs but
 * on a click on Run.
 *
 * @typedef {import('../engine/protocol').Build} Build
 * @typedef {import('../engine/protocol').Stage} Stage
 * @typedef {import('../generated/types').Lab} Lab
 * @typedef {import('./protocol').CellError} CellError
 * @typedef {import('./protocol').FromCell} FromCell
 * @typedef {import('./protocol').Shown} Shown
 * @typedef {ReturnType<typeof createCell>} Cell
 *
 * @typedef {{kind: 'text', stream: 'out' | 'err' | 'value', text: string}} TextOutput
 * @typedef {{kind: 'shown', shown: Shown}} ShownOutput
 * @typedef {(TextOutput | ShownOutput) & {key: number}} Output
 *
 * @typedef {object} CellState
 * @property {string} code
 * @property {boolean} linked whether the program came with a link, and was not changed since
 * @property {string[]} problems what could not be read from the address
 * @property {string} link
 * @property {string | null} draft the visitor's own last program, when another is on the page
 * @property {'closed' | 'starting' | 'ready' | 'failed'} phase
 * @property {Stage | null} stage
 * @property {string} cause why the sandbox is not there
 * @property {string} trace
 * @property {boolean} running
 * @property {Output[]} outputs
 * @property {CellError | null} error
 * @property {string} note what ended the last run, where it did not end by itself
 * @property {string | null} ran the program that the outputs are of
 * @property {string} said
 */

import { decodeBlock } from '../engine/protocol.js';
import { decodeLink, encodeLink } from '../visit/link.js';
import { createStore } from '../visit/state.js';
import { checkedShown, Refused } from './guard.js';

/** A run may take so long, in seconds. */
const SECONDS = 300;
/** So much text, and so many values, may come of one run. The sandbox keeps to less by itself. */
const TEXT = 1_000_000;
const SHOWN = 300;
/** A Python that holds more bytes than this after a run is replaced: its memory never shrinks. */
const ROOM = 400 << 20;
/** What comes in is drawn so often, in ms. */
const REDRAW = 50;
const ADDRESS_PAUSE = 350;
/** The start must give a sign of life in this time, in ms. */
const SILENCE = 90_000;

const EXAMPLE = `# NumPy (np), SymPy (sp) and nabla are there already.
x = sp.Symbol("x", real=True)
slope = sp.diff(x**2 * sp.sin(x), x)
display(slope)

t = np.linspace(0, 2 * np.pi, 200)
display((t, t**2 * np.sin(t)))

nabla.derive("x^2 sin x", wrt="x", at="x=1")
`;

/** The cell as link.js knows labs. */
export const CELL = /** @type {Lab} */ (
  /** @type {unknown} */ ({
    name: 'python',
    title: 'Python',
    fields: [{ name: 'code', label: 'Program', default: '', kind: 'code' }],
  })
);

/**
 * @param {object} parts
 * @param {(listener: import('./sandbox.js').Listener) => {run: (run: number, code: string) => void, end: () => void}} parts.open
 * @param {ReturnType<typeof import('../visit/drafts.js').createDrafts>} parts.drafts
 * @param {{read: () => string, write: (hash: string) => void, own: () => boolean}} parts.address
 */
export function createCell({ open, drafts, address }) {
  const store = createStore(
    /** @type {CellState} */ ({
      code: '',
      linked: false,
      problems: [],
      link: '#/python',
      draft: null,
      phase: 'closed',
      stage: null,
      cause: '',
      trace: '',
      running: false,
      outputs: [],
      error: null,
      note: '',
      ran: null,
      said: '',
    }),
  );
  /** @type {ReturnType<typeof open> | null} */
  let sandbox = null;
  /** Whether a program has run in it: then it may hold what the program left. */
  let used = false;
  let run = 0;
  /** @type {Output[]} */
  let outputs = [];
  let key = 0;
  let room = { text: TEXT, shown: SHOWN };
  let fresh = true;
  /** @type {Record<'redraw' | 'limit' | 'later' | 'silence', ReturnType<typeof setTimeout> | undefined>} */
  const timers = { redraw: undefined, limit: undefined, later: undefined, silence: undefined };

  function start() {
    if (sandbox) return;
    used = false;
    store.update({ phase: 'starting', stage: null, cause: '', trace: '' });
    sandbox = open({ said: receive, fell });
    watch();
  }

  function watch() {
    clearTimeout(timers.silence);
    timers.silence = setTimeout(fell, SILENCE, 'Nothing has happened for a long time.');
  }

  function close() {
    clearTimeout(timers.limit);
    clearTimeout(timers.silence);
    sandbox?.end();
    sandbox = null;
  }

  /** @param {string} cause @param {string} [trace] */
  function fell(cause, trace = '') {
    const working = store.get().phase === 'ready';
    close();
    show({ running: false, said: cause });
    // One that ends at work is replaced; one that ends while it starts would only end again.
    if (working) {
      store.update({ note: cause });
      start();
    } else store.update({ phase: 'failed', cause, trace });
  }

  /** @param {Partial<CellState>} patch */
  function show(patch = {}) {
    clearTimeout(timers.redraw);
    timers.redraw = undefined;
    store.update({ outputs: [...outputs], ...patch });
  }

  /** @param {FromCell} message */
  function receive(message) {
    if (message.type === 'stage') {
      watch();
      store.update({ stage: message });
    } else if (message.type === 'ready') {
      clearTimeout(timers.silence);
      if (message.slow) console.warn('Nabla: the sandbox started in the ordinary way.', message.slow);
      store.update({ phase: 'ready', stage: null });
      if (store.get().running) send();
    } else if (message.type === 'failed') {
      fell(message.message, message.trace);
    } else if ('run' in message && message.run === run && store.get().running) {
      told(message);
    }
  }

  /** @param {Extract<FromCell, {run: number}>} message */
  function told(message) {
    if (message.type === 'done') {
      clearTimeout(timers.limit);
      const { error, fatal, heap } = message;
      show({ running: false, error, said: error ? `${error.name}: ${error.message}` : 'The program has ended.' });
      if (fatal || heap > ROOM) restart();
      return;
    }
    if (message.type === 'again') {
      outputs = [];
      room = { text: TEXT, shown: SHOWN };
      return;
    }
    if (message.type === 'text') {
      room.text -= message.text.length;
      if (room.text < 0) throw new Refused('it says too much');
      const last = outputs.at(-1);
      if (last?.kind === 'text' && last.stream === message.stream && message.stream !== 'value')
        outputs = [...outputs.slice(0, -1), { ...last, text: last.text + message.text }];
      else outputs.push({ key: key++, kind: 'text', stream: message.stream, text: message.text });
    } else {
      if (--room.shown < 0) throw new Refused('it shows too much');
      const shown = checkedShown(message.text, message.numbers);
      const blocks = shown.blocks.map((block) => decodeBlock(block, message.numbers));
      outputs.push({ key: key++, kind: 'shown', shown: { ...shown, blocks } });
    }
    timers.redraw ??= setTimeout(show, REDRAW);
  }

  function restart() {
    close();
    start();
  }

  function send() {
    used = true;
    sandbox?.run(run, store.get().ran ?? '');
    timers.limit = setTimeout(
      () => interrupt(`This took longer than ${SECONDS} seconds and was stopped.`),
      SECONDS * 1000,
    );
  }

  /** @param {string} note */
  function interrupt(note) {
    if (!store.get().running) return;
    show({ running: false, note, said: note });
    restart();
  }

  /** @param {string} code */
  async function writeAddress(code) {
    timers.later = undefined;
    const link = await encodeLink(CELL, { code });
    if (store.get().code !== code) return;
    store.update({ link });
    address.write(link);
  }

  return {
    store,
    start,
    /** Take the sandbox away; whatever runs in it ends. */
    close() {
      interrupt('Stopped.');
      close();
      store.update({ phase: 'closed' });
    },
    /** Show what the address asks for: the program of a link, else the visitor's own, else an example. Run nothing. */
    async follow() {
      const linked = await decodeLink(address.read(), [CELL]);
      const given = linked?.inputs.code;
      const own = drafts.latest(CELL.name)?.code;
      const code = given ?? own ?? EXAMPLE;
      const now = store.get();
      if (given !== undefined && given === now.code) return;
      clearTimeout(timers.later);
      fresh = !address.own();
      // What another program left behind is none of this one's business.
      if (used && code !== now.code) {
        show({ running: false });
        restart();
      }
      outputs = code === now.ran ? outputs : [];
      show({
        code,
        linked: given !== undefined && fresh && given !== own,
        problems: linked?.problems ?? [],
        draft: own !== undefined && own !== code ? own : null,
        error: null,
        note: '',
        ran: code === now.ran ? now.ran : null,
        link: await encodeLink(CELL, { code }),
      });
    },
    /** @param {string} code */
    type(code) {
      if (code === store.get().code) return;
      store.update({ code, problems: [], linked: false });
      drafts.save(CELL.name, { code }, fresh);
      fresh = false;
      clearTimeout(timers.later);
      timers.later = setTimeout(writeAddress, ADDRESS_PAUSE, code);
    },
    openDraft() {
      const { draft } = store.get();
      if (draft === null) return;
      store.update({ draft: null });
      fresh = true;
      this.type(draft);
    },
    run() {
      const { code, phase, running } = store.get();
      if (running || !code.trim()) return;
      run++;
      outputs = [];
      room = { text: TEXT, shown: SHOWN };
      show({ running: true, error: null, note: '', ran: code });
      if (phase === 'ready') send();
      else start();
    },
    stop: () => interrupt('Stopped.'),
    retry() {
      close();
      start();
    },
  };
}
