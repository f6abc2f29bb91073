/**
 * What the Python cell knows and does: its program in cells, the sandbox in which they run, and what came of each.
 * Nothing runs but on a click on Run.
 */

import { decodeBlock } from '../engine/protocol.ts';
import { decodeLink, encodeLink } from '../visit/link.ts';
import { createStore } from '../visit/state.ts';
import { EXAMPLE } from './example.ts';
import { checkedShown, Refused } from './guard.ts';
import { CELL } from './lab.ts';
import type { Part } from './notebook.ts';
import { partsOf, textOf } from './notebook.ts';
import type { FromCell } from './protocol';
import type { Listener, Sandbox } from './sandbox.ts';
import { save } from './save.ts';
import type { Came, CellPart, CellState, Output, TextOutput } from './state.ts';
import { NOTHING } from './state.ts';
import { overwritten } from './terminal.ts';

export type Cell = ReturnType<typeof createCell>;

/** A run may take so long, in seconds. */
const SECONDS = 300;
/** So much text, and so many values and pictures, may come of one run. The sandbox keeps to less by itself. */
const TEXT = 3_000_000;
const SHOWN = 300;
/** A Python that holds more bytes than this after a run is replaced: its memory never shrinks. */
const ROOM = 600 << 20;
/** What comes in is drawn so often, in ms. */
const REDRAW = 50;
const ADDRESS_PAUSE = 350;
/** The start must give a sign of life in this time, in ms. */
const SILENCE = 90_000;

export function createCell({
  open,
  drafts,
  address,
}: {
  open: (listener: Listener) => Sandbox;
  drafts: ReturnType<typeof import('../visit/drafts.ts').createDrafts>;
  address: { read: () => string; write: (hash: string) => void; own: () => boolean };
}) {
  const store = createStore({
    cells: [],
    came: {},
    running: null,
    queue: [],
    reactive: false,
    files: [],
    prompt: null,
    linked: false,
    problems: [],
    link: '#/python',
    draft: null,
    phase: 'closed',
    stage: null,
    cause: '',
    trace: '',
    said: '',
  } as CellState);
  let sandbox: Sandbox | null = null;
  /** Whether a program has run in it: then it may hold what the program left. */
  let used = false;
  let run = 0;
  /** Whether the next program begins without the names of those before. */
  let anew = true;
  let outputs: Output[] = [];
  let key = 0;
  let ids = 0;
  const given = new Map<string, Uint8Array<ArrayBuffer>>();
  let room = { text: TEXT, shown: SHOWN };
  /** The cells that have run since the last click. */
  const seen = new Set<number>();
  let fresh = true;
  const timers: Record<'redraw' | 'limit' | 'later' | 'silence', ReturnType<typeof setTimeout> | undefined> = {
    redraw: undefined,
    limit: undefined,
    later: undefined,
    silence: undefined,
  };

  const code = () => textOf(store.get().cells);
  const numbered = (parts: Part[]): CellPart[] => parts.map((part) => ({ ...part, id: ++ids }));

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
    // One that ends at work is replaced; one that ends while it starts would only end again.
    if (working) {
      ended({ note: cause }, cause);
      start();
    } else {
      ended({}, cause);
      store.update({ phase: 'failed', cause, trace });
    }
  }

  /** What came of the cell that runs, so far. */
  function show(patch: Partial<Came> = {}, more: Partial<CellState> = {}) {
    clearTimeout(timers.redraw);
    timers.redraw = undefined;
    const { running, came } = store.get();
    const now =
      running === null
        ? came
        : { ...came, [running]: { ...(came[running] ?? NOTHING), outputs: [...outputs], ...patch } };
    store.update({ came: now, ...more });
  }

  /** The run is over, and those that were to follow are given up. */
  const ended = (patch: Partial<Came>, said: string) =>
    show(patch, { running: null, queue: [], prompt: null, stage: null, said });

  function receive(message: FromCell) {
    const { phase, stage, running } = store.get();
    if (message.type === 'stage') {
      if (phase === 'starting') watch();
      store.update({ stage: message });
    } else if (message.type === 'ready') {
      clearTimeout(timers.silence);
      if (message.slow) console.warn('Nabla: the sandbox started in the ordinary way.', message.slow);
      for (const [name, bytes] of given) sandbox?.put(name, bytes);
      store.update({ phase: 'ready', stage: null });
      if (running !== null) send();
    } else if (message.type === 'failed') {
      fell(message.message, message.trace);
    } else if (message.type === 'saved') {
      save(message.name, message.bytes);
    } else if ('run' in message && message.run === run && running !== null) {
      if (stage) store.update({ stage: null });
      told(message);
    }
  }

  function told(message: Extract<FromCell, { run: number }>) {
    if (message.type === 'done') return done(message);
    if (message.type === 'ask') return store.update({ prompt: message.prompt, said: message.prompt });
    if (message.type === 'again') {
      outputs = [];
      room = { text: TEXT, shown: SHOWN };
      return;
    }
    if (message.type === 'text' || message.type === 'html') room.text -= message.text.length;
    else room.shown--;
    if (room.text < 0) throw new Refused('it says too much');
    if (room.shown < 0) throw new Refused('it shows too much');
    if (message.type === 'text') say(message.stream, message.text);
    else if (message.type === 'html') outputs.push({ key: key++, kind: 'html', text: message.text });
    else if (message.type === 'image')
      outputs.push({ key: key++, kind: 'image', mime: message.mime, bytes: message.bytes });
    else {
      const shown = checkedShown(message.text, message.numbers);
      const blocks = shown.blocks.map((block) => decodeBlock(block, message.numbers));
      outputs.push({ key: key++, kind: 'shown', shown: { ...shown, blocks } });
    }
    timers.redraw ??= setTimeout(show, REDRAW);
  }

  function say(stream: TextOutput['stream'], text: string) {
    const last = outputs.at(-1);
    if (last?.kind === 'text' && last.stream === stream && stream !== 'value')
      outputs = [...outputs.slice(0, -1), { ...last, text: overwritten(last.text + text) }];
    else outputs.push({ key: key++, kind: 'text', stream, text });
  }

  function done({ error, fatal, heap, written, names }: Extract<FromCell, { type: 'done' }>) {
    clearTimeout(timers.limit);
    const { running } = store.get();
    const said = error ? `${error.name}: ${error.message}` : 'The program has ended.';
    // What was given is there too, unless the program has changed its size.
    const own = written.filter(({ name, size }) => given.get(name)?.length !== size);
    show({ error, names, written: own }, { prompt: null });
    if (!error && running !== null) queueDependents(running, names.writes);
    const { queue } = store.get();
    if (error || fatal || heap > ROOM || !queue.length) ended({}, said);
    else next();
    if (fatal || heap > ROOM) restart();
  }

  /** Where it is wished, cells that have read what a cell has written now run again, each once. */
  function queueDependents(id: number, writes: string[]) {
    const { reactive, cells, came, queue } = store.get();
    seen.add(id);
    if (!reactive) return;
    const depends = (cell: CellPart) => came[cell.id]?.names.reads.some((name) => writes.includes(name));
    const more = cells.filter((cell) => queue.includes(cell.id) || (depends(cell) && !seen.has(cell.id)));
    store.update({ queue: more.map((cell) => cell.id) });
  }

  function restart() {
    close();
    anew = true;
    start();
  }

  function next() {
    const { queue, cells, came } = store.get();
    const [id, ...rest] = queue;
    const cell = cells.find((one) => one.id === id);
    if (!cell || id === undefined) return ended({}, 'The program has ended.');
    run++;
    outputs = [];
    room = { text: TEXT, shown: SHOWN };
    store.update({
      running: id,
      queue: rest,
      prompt: null,
      came: { ...came, [id]: { ...NOTHING, ran: cell.source } },
    });
    if (store.get().phase === 'ready') send();
    else start();
  }

  function send() {
    const { cells, running, came } = store.get();
    const place = cells.findIndex(({ id }) => id === running);
    used = true;
    const file = cells.length > 1 ? `<cell ${place + 1}>` : '<cell>';
    sandbox?.run(run, { code: came[running as number]?.ran ?? '', file, fresh: anew });
    anew = false;
    timers.limit = setTimeout(
      () => interrupt(`This took longer than ${SECONDS} seconds and was stopped.`),
      SECONDS * 1000,
    );
  }

  function interrupt(note: string) {
    if (store.get().running === null) return;
    ended({ note }, note);
    restart();
  }

  /** A cell and those behind it. */
  const from = (id: number) => store.get().cells.slice(store.get().cells.findIndex((cell) => cell.id === id));

  /** Run cells one after the other, until one fails. */
  function runCells(cells: CellPart[], fromTheStart: boolean) {
    const { running } = store.get();
    const queue = cells.filter(({ kind, source }) => kind === 'code' && source.trim()).map(({ id }) => id);
    if (running !== null || !queue.length) return;
    // What a run shows may lead away from the page: Back leads to this program.
    if (timers.later !== undefined) writeAddress(code());
    seen.clear();
    if (fromTheStart) {
      anew = true;
      store.update({ came: {} });
    }
    store.update({ queue });
    next();
  }

  async function writeAddress(text: string) {
    clearTimeout(timers.later);
    timers.later = undefined;
    const link = await encodeLink(CELL, { code: text });
    if (code() !== text) return;
    store.update({ link });
    address.write(link);
  }

  /** The program was changed by the visitor. */
  function changed(cells: CellPart[]) {
    store.update({ cells, problems: [], linked: false });
    const text = textOf(cells);
    drafts.save(CELL.name, { code: text }, fresh);
    fresh = false;
    clearTimeout(timers.later);
    timers.later = setTimeout(writeAddress, ADDRESS_PAUSE, text);
  }

  return {
    store,
    start,
    code,
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
      const text = given ?? own ?? EXAMPLE;
      const { cells } = store.get();
      const same = cells.length > 0 && text === code();
      if (given !== undefined && same) return;
      clearTimeout(timers.later);
      fresh = !address.own();
      // What another program left behind is none of this one's business.
      if (used && !same) {
        ended({}, '');
        restart();
      }
      store.update({
        cells: same ? cells : numbered(partsOf(text)),
        came: same ? store.get().came : {},
        linked: given !== undefined && fresh && given !== own,
        problems: linked?.problems ?? [],
        draft: own !== undefined && own !== text ? own : null,
        link: await encodeLink(CELL, { code: text }),
      });
    },
    type(id: number, source: string) {
      const { cells } = store.get();
      if (cells.some((cell) => cell.id === id && cell.source !== source))
        changed(cells.map((cell) => (cell.id === id ? { ...cell, source } : cell)));
    },
    /** Put another program in the place of this one. */
    replace(text: string) {
      if (text === code()) return;
      store.update({ came: {} });
      changed(numbered(partsOf(text)));
    },
    openDraft() {
      const { draft } = store.get();
      if (draft === null) return;
      store.update({ draft: null });
      fresh = true;
      this.replace(draft);
    },
    /** Put an empty cell behind another. */
    add(after: number, kind: Part['kind']): number {
      const { cells } = store.get();
      const place = cells.findIndex(({ id }) => id === after) + 1;
      const [made] = numbered([{ kind, source: '' }]) as [CellPart];
      changed([...cells.slice(0, place), made, ...cells.slice(place)]);
      return made.id;
    },
    remove(id: number) {
      const { cells, running } = store.get();
      if (cells.length > 1 && id !== running) changed(cells.filter((cell) => cell.id !== id));
    },
    move(id: number, by: 1 | -1) {
      const cells = [...store.get().cells];
      const place = cells.findIndex((cell) => cell.id === id);
      const [cell] = cells.splice(place, 1) as [CellPart];
      cells.splice(Math.max(place + by, 0), 0, cell);
      changed(cells);
    },
    /** Run all cells, without what earlier runs left. */
    runAll: () => runCells(store.get().cells, true),
    /** Run one cell on what ran before; a program of one cell begins anew. */
    run: (id: number) => runCells(from(id).slice(0, 1), store.get().cells.length === 1),
    runFrom: (id: number) => runCells(from(id), false),
    react: (reactive: boolean) => store.update({ reactive }),
    /** Give programs a file to read, under its name. */
    put(name: string, bytes: Uint8Array<ArrayBuffer>) {
      given.set(name, bytes);
      store.update({ files: [...given.keys()] });
      if (store.get().phase === 'ready') sandbox?.put(name, bytes);
    },
    get: (name: string) => sandbox?.get(name),
    answer(text: string) {
      store.update({ prompt: null });
      sandbox?.answer(run, text);
    },
    stop: () => interrupt('Stopped.'),
    retry() {
      close();
      start();
    },
  };
}
