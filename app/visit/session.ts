/**
 * The visit: what is typed, linked or clicked becomes inputs; inputs become an address, a draft and a call; the
 * answer becomes state. Everything the page does goes through here.
 */

import { EngineError } from '../engine/client.ts';
import { decodeDocument } from '../engine/protocol.ts';
import type { Lab } from '../generated/types';
import type { Depth } from '../page/depth.ts';
import { within } from '../page/pause.ts';
import type { Address } from './address.ts';
import { failure } from './failure.ts';
import { growth } from './growth.ts';
import type { Linked } from './link.ts';
import { asksForPython, decodeLink, encodeLink, leftOut, pageOf, START } from './link.ts';
import type { Prepared } from './prepared.ts';
import type { State, Store } from './state.ts';
import { besideText, filled, formOf, keptBlocks, sameInputs } from './state.ts';

export type Inputs = Record<string, string>;

export type Engine = ReturnType<typeof import('../engine/client.ts').createEngine>;

export type Drafts = ReturnType<typeof import('./drafts.ts').createDrafts>;

export type Session = ReturnType<typeof createSession>;

/** The pause in typing after which an answer is computed. */
const PAUSE = 300;
/** What lies in the place of an answer while there is none. */
const NOTHING = { document: null, answered: null, error: null, fault: null, prepared: false } as const;
/** Browsers allow only so many changes of the address in a while; a dragged point makes sixty a second. */
const ADDRESS_PAUSE = 350;
/** Work that takes longer than this is said, and its blocks are shown as they come. */
const SLOW = 400;
/** So long the last answer stays before what there is of the new one takes its place. */
const STAYS = 1500;
/** So long Python waits to be started for an answer that the build has prepared. */
const PREPARED = 3000;
/** Then the growing answer is drawn at most so often, in ms, however fast its blocks come. */
const REDRAW = 50;

export function createSession({
  store,
  labs,
  asking,
  engine,
  drafts,
  prepared,
  address,
  pages = [],
  drawn = async () => {},
}: {
  store: Store<State>;
  labs: Lab[];
  /** the form of a whole text, which any of the labs may answer */ asking: Lab;
  engine: Engine;
  drafts: Drafts;
  prepared: Prepared;
  address: Address;
  /** the addresses of what is no lab */ pages?: string[];
  /** resolves once what is in the state is on the screen */ drawn?: () => Promise<unknown>;
}) {
  let pause: ReturnType<typeof setTimeout> | undefined;
  /** The newest question; answers to older ones are dropped. */
  let turn = 0;
  /** Whether the next change begins a draft, rather than going on with the newest one. */
  let fresh = true;
  /** Whether the next change begins a step of the history: Back undoes what was typed between two commits. */
  let step = true;
  /** when the address will be written */
  let later: ReturnType<typeof setTimeout> | undefined;
  /** The whole text that was answered last: it waits for nothing, and is no draft any more. */
  let told: Inputs = {};
  /** Whether inputs changed while a point was dragged and an answer was under way. */
  let again = false;

  function show(lab: Lab, inputs: Inputs, { problems = [], depth = 'answer', tried = false }: Partial<Linked> = {}) {
    clearTimeout(pause);
    clearTimeout(later);
    later = undefined;
    const all = filled(lab, inputs);
    const same = store.get().lab === lab && isSameText(all);
    const latest = drafts.latest(lab.name);
    const draft = latest && !sameInputs(filled(lab, latest), all) ? latest : null;
    step = true;
    store.update({ page: '', lab, inputs: all, depth, tried, problems, draft, error: null, fault: null });
    if (!same) store.update({ document: null, answered: null, partial: [], head: null, progress: null });
    if (problems.length === 0) run();
    else settle({ busy: false, said: problems.join(' ') });
  }

  /** Whether inputs ask about the text that the answer on the page is of; labs have no such text. */
  const isSameText = (inputs: Inputs) => inputs.q === undefined || inputs.q === (store.get().answered?.q ?? inputs.q);

  async function follow() {
    const page = pageOf(address.read(), pages);
    if (page) {
      clearTimeout(pause);
      if (page === START) startAnew();
      settle({ page, busy: false, problems: [], error: null, fault: null });
      // Python takes the time of everything else: the page is seen first. The cell brings a Python of its own.
      if (!asksForPython(address.read())) drawn().then(engine.warm);
      return;
    }
    const all = [...labs, asking];
    const linked = await decodeLink(address.read(), all);
    fresh = !address.own();
    const lab = all.find((lab) => lab.name === linked?.lab) ?? (labs[0] as Lab);
    // An address that names a lab and nothing else asks to see what the lab does.
    const asked = linked?.lab && (Object.keys(linked.inputs).length > 0 || linked.problems.length > 0);
    show(lab, asked ? linked.inputs : lab.example, linked ?? {});
    store.update({ link: await encodeLink(lab, store.get().inputs, store.get().depth) });
  }

  /** The box is empty, and nothing is answered. */
  function startAnew() {
    store.update({
      lab: asking,
      inputs: filled(asking, {}),
      depth: 'answer',
      tried: false,
      draft: null,
      link: '',
      ...NOTHING,
    });
    fresh = true;
    step = true;
  }

  function change(changes: Inputs) {
    const { lab, inputs } = store.get();
    const next = { ...inputs, ...(lab === asking ? besideText(inputs, changes) : changes) };
    if (sameInputs(next, inputs)) return;
    store.update({ inputs: next, problems: [] });
    // An example and an empty form are there anyway; a draft of them would take the place of a real one.
    const own = !sameInputs(next, filled(lab, {})) && !sameInputs(next, filled(lab, lab.example));
    if (own) drafts.save(lab.name, next, fresh);
    fresh = !own;
    if (step) writeAddress(true);
    else later ??= setTimeout(writeAddress, ADDRESS_PAUSE, false);
    step = false;
  }

  async function writeAddress(asStep: boolean) {
    clearTimeout(later);
    later = undefined;
    const { lab, inputs, depth, page } = store.get();
    const link = page ? `#${page}` : await encodeLink(lab, inputs, depth);
    // A long value takes a moment to pack; by then another lab may be on the page.
    if (store.get().lab !== lab || store.get().page !== page) return;
    store.update({ link: page ? '' : link });
    address.write(link, asStep);
  }

  /** The next change will be a step of its own, so the address must be right before it. */
  function endStep() {
    if (later) writeAddress(false);
    step = true;
  }

  /** Begin a new turn; whatever was under way no longer counts. */
  function settle(patch: Partial<State>) {
    turn++;
    store.update({ slow: false, pausable: false, paused: false, partial: [], head: null, progress: null, ...patch });
  }

  async function run() {
    clearTimeout(pause);
    const { lab, inputs, answered, error, fault, engine: status, prepared: isPrepared } = store.get();
    if (sameInputs(inputs, answered) && !error && !fault) return isPrepared || settle({ busy: false });
    settle({ busy: true, prepared: false });
    const mine = turn;
    if (status.phase !== 'ready') {
      const shown = showPrepared(mine, lab, inputs);
      // Python takes the time of everything else: what is there already is seen first.
      if (status.phase === 'idle') await within(PREPARED, shown);
      if (mine !== turn) return;
    }
    const growing = growth();
    // A stored answer, or a newer question, may have taken the place of what is still being worked out.
    const awaited = () => mine === turn && store.get().busy;
    let next: ReturnType<typeof setTimeout> | undefined;
    const begun = performance.now();
    let shown = 0;
    const show = () => {
      next = undefined;
      shown = performance.now();
      if (!awaited()) return;
      const left = store.get().document ? begun + STAYS - shown : 0;
      store.update(left > 0 ? { slow: true } : { slow: true, ...growing.seen() });
      if (left > 0) next = setTimeout(show, left);
    };
    const slow = setTimeout(show, SLOW);
    try {
      const { text, numbers } = await engine.call({
        method: 'run',
        args: [lab.name, JSON.stringify(inputs)],
        channel: 'run',
        seconds: lab.seconds,
        onBlock(text, numbers) {
          growing.add(JSON.parse(text), numbers);
          if (awaited() && store.get().slow) next ??= setTimeout(show, shown + REDRAW - performance.now());
        },
        onPausable() {
          if (awaited()) store.update({ pausable: true });
        },
      });
      if (mine !== turn) return;
      receive(inputs, JSON.parse(text), numbers);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      if (mine !== turn) return;
      settle(failure(error));
    } finally {
      clearTimeout(slow);
      clearTimeout(next);
    }
    if (again) {
      again = false;
      run();
    }
  }

  /** What the build computed, until Python answers. Resolves when it can be seen, or when there is nothing. */
  async function showPrepared(mine: number, lab: Lab, inputs: Inputs) {
    const document = await prepared(lab, inputs);
    if (!document || mine !== turn || !store.get().busy) return;
    store.update({ busy: false, slow: false, document, answered: inputs, prepared: true, error: null, fault: null });
    await drawn();
  }

  function receive(inputs: Inputs, reply: any, numbers: Float64Array | null) {
    if (reply.document) {
      const { partial, document: last } = store.get();
      const answer = decodeDocument(reply.document, numbers);
      // Blocks that are as they were are the same objects, so that they are not drawn again.
      const document = {
        ...answer,
        blocks: keptBlocks(answer.blocks, partial.length ? partial : (last?.blocks ?? [])),
      };
      settle({
        busy: false,
        document,
        answered: inputs,
        prepared: false,
        error: null,
        fault: null,
        said: 'The answer is there.',
      });
      if (store.get().lab === asking) told = inputs;
    } else if (reply.error) {
      // Of a whole text, the field is one of the lab that was to answer it.
      const all = { ...formOf(store.get(), labs, asking)?.inputs, ...inputs };
      const field = reply.error.field in all ? reply.error.field : null;
      const text = all[field] ?? '';
      const error = { ...reply.error, field, text };
      // An answer to another text is not one to this.
      const gone = isSameText(inputs) ? {} : NOTHING;
      settle({ ...gone, busy: false, error, fault: null, said: reply.error.message });
    } else {
      settle({ busy: false, error: null, fault: reply.crash, said: 'Something went wrong in the page.' });
    }
  }

  return {
    store,
    labs,
    asking,
    engine,
    absolute: address.absolute,
    follow,
    /** A change while typing: answered after a pause, unless it is one that waits to be asked for. */
    type(name: string, value: string, wait: number = PAUSE) {
      change({ [name]: value });
      clearTimeout(pause);
      if (Number.isFinite(wait)) pause = setTimeout(run, wait);
    },
    /** What is written into the box is a whole text, not yet asked; an empty one leads back to the start. */
    write(q: string) {
      clearTimeout(pause);
      const { page, lab } = store.get();
      if (!q.trim()) {
        if (page === START) return;
        startAnew();
        settle({ page: START, busy: false, problems: [] });
        writeAddress(true);
        return;
      }
      if (page || lab !== asking) {
        startAnew();
        const kept = filled(asking, drafts.latest(asking.name) ?? {});
        const draft = kept.q && kept.q !== told.q ? kept : null;
        settle({ page: '', busy: false, problems: [], draft });
      }
      change({ q, lab: asking.fields.find(({ name }) => name === 'lab')?.default ?? '', with: '' });
    },
    /** What is written is answered as it stands, while it may go on. */
    answer: run,
    /** Open the answer so far. */
    look(depth: Depth) {
      store.update({ depth, tried: false });
      writeAddress(false);
    },
    /** What is typed is meant: answer now; the next change is a new step of the history. */
    commit() {
      endStep();
      run();
    },
    /**
     * Inputs chosen by a click, or by dragging a point, which is `settled` only when it is let go.
     * @param inputs those to change, or what makes them of those that are there
     */
    apply(inputs: Inputs | ((now: Inputs) => Inputs), settled: boolean = true) {
      const now = formOf(store.get(), labs, asking)?.inputs ?? store.get().inputs;
      change(typeof inputs === 'function' ? inputs(now) : inputs);
      if (settled) endStep();
      if (settled || !store.get().busy) run();
      else again = true;
    },
    /** Another lab, with the visitor's draft of it or its example. */
    async open(lab: Lab) {
      const inputs = filled(lab, drafts.latest(lab.name) ?? lab.example);
      address.write(await encodeLink(lab, inputs), true);
      fresh = !drafts.latest(lab.name);
      show(lab, inputs);
    },
    /** A whole text, answered by the lab that fits or by one that was chosen. */
    question(text: string, chosen: string = '') {
      return this.ask(asking, chosen ? { q: text, lab: chosen } : { q: text });
    },
    /** A question like one of a link, with a step of the history to go back. */
    async ask(lab: Lab, inputs: Inputs) {
      address.write(await encodeLink(lab, inputs), true);
      fresh = true;
      // What no link carries would be lost when the page is loaded again.
      if (leftOut(lab, inputs).length > 0) drafts.save(lab.name, filled(lab, inputs), true);
      show(lab, inputs);
      store.update({ link: await encodeLink(lab, store.get().inputs) });
    },
    /** Other inputs in the place of all of these, as one step that can be undone. */
    reset(inputs: Inputs) {
      const { lab } = store.get();
      change(filled(lab, inputs));
      endStep();
      if (Object.keys(inputs).length > 0) {
        run();
      } else {
        clearTimeout(pause);
        settle({ busy: false, ...NOTHING });
      }
    },
    /** What was kept on this device is gone. */
    forget() {
      drafts.forget();
      fresh = true;
      store.update({ draft: null });
    },
    openDraft() {
      const { draft } = store.get();
      if (!draft) return;
      fresh = true;
      change(draft);
      endStep();
      store.update({ draft: null });
      run();
    },
    stop() {
      clearTimeout(pause);
      store.update({ pausable: false, paused: false });
      engine.stop();
    },
    /** Hold the work under way, or let it go on. */
    hold(paused: boolean) {
      engine.pause(paused);
      store.update({ paused, said: paused ? 'Paused.' : 'Going on.' });
    },
    retry() {
      engine.retry();
      run();
    },
    /**
     * The answer on the page in another form, by Python, which a prepared answer waits for.
     * @param form one of nabla.answer.export.FORMS
     */
    async export(form: string): Promise<string> {
      const { lab, inputs, answered } = store.get();
      const asked = answered ?? inputs;
      // A link that leaves something out would open another question.
      const link = leftOut(lab, asked).length ? '' : address.absolute(await encodeLink(lab, asked));
      const args = [lab.name, JSON.stringify(asked), form, link];
      const { text } = await engine.call({ method: 'export', args, seconds: lab.seconds });
      const reply = JSON.parse(text);
      if (typeof reply.text === 'string') return reply.text;
      throw new Error(reply.error?.message ?? reply.crash.message);
    },
  };
}
