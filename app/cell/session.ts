/**
 * What the Python cell knows and does: its program, the sandbox in which it runs, and what came of it. Nothing runs but
 * on a click on Run.
 */

import type { Stage } from '../engine/protocol.ts';
import { decodeBlock } from '../engine/protocol.ts';
import type { Lab } from '../generated/types';
import { decodeLink, encodeLink } from '../visit/link.ts';
import { createStore } from '../visit/state.ts';
import { checkedShown, Refused } from './guard.ts';
import type { CellError, FromCell, Shown } from './protocol';
import type { Listener } from './sandbox.ts';

export type Cell = ReturnType<typeof createCell>;

export type TextOutput = { kind: 'text'; stream: 'out' | 'err' | 'value'; text: string };

export type ShownOutput = { kind: 'shown'; shown: Shown };

export type Output = (TextOutput | ShownOutput) & { key: number };

export interface CellState {
  code: string;
  /** whether the program came with a link, and was not changed since */
  linked: boolean;
  /** what could not be read from the address */
  problems: string[];
  link: string;
  /** the visitor's own last program, when another is on the page */
  draft: string | null;
  phase: 'closed' | 'starting' | 'ready' | 'failed';
  stage: Stage | null;
  /** why the sandbox is not there */
  cause: string;
  trace: string;
  running: boolean;
  outputs: Output[];
  error: CellError | null;
  /** what ended the last run, where it did not end by itself */
  note: string;
  /** the program that the outputs are of */
  ran: string | null;
  said: string;
}

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
export const CELL = {
  name: 'python',
  title: 'Python',
  fields: [{ name: 'code', label: 'Program', default: '', kind: 'code' }],
} as unknown as Lab;

export function createCell({
  open,
  drafts,
  address,
}: {
  open: (listener: Listener) => { run: (run: number, code: string) => void; end: () => void };
  drafts: ReturnType<typeof import('../visit/drafts.ts').createDrafts>;
  address: { read: () => string; write: (hash: string) => void; own: () => boolean };
}) {
  const store = createStore({
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
  } as CellState);
  let sandbox: ReturnType<typeof open> | null = null;
  /** Whether a program has run in it: then it may hold what the program left. */
  let used = false;
  let run = 0;
  let outputs: Output[] = [];
  let key = 0;
  let room = { text: TEXT, shown: SHOWN };
  let fresh = true;
  const timers: Record<'redraw' | 'limit' | 'later' | 'silence', ReturnType<typeof setTimeout> | undefined> = {
    redraw: undefined,
    limit: undefined,
    later: undefined,
    silence: undefined,
  };

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

  function fell(cause: string, trace: string = '') {
    const working = store.get().phase === 'ready';
    close();
    show({ running: false, said: cause });
    // One that ends at work is replaced; one that ends while it starts would only end again.
    if (working) {
      store.update({ note: cause });
      start();
    } else store.update({ phase: 'failed', cause, trace });
  }

  function show(patch: Partial<CellState> = {}) {
    clearTimeout(timers.redraw);
    timers.redraw = undefined;
    store.update({ outputs: [...outputs], ...patch });
  }

  function receive(message: FromCell) {
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

  function told(message: Extract<FromCell, { run: number }>) {
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

  function interrupt(note: string) {
    if (!store.get().running) return;
    show({ running: false, note, said: note });
    restart();
  }

  async function writeAddress(code: string) {
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
    type(code: string) {
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
