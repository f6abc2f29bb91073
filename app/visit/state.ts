/** What the page knows, in one place with one way to change it. */

import type { EngineStatus } from '../engine/protocol.ts';
import type { Block, Head, Lab, NablaDocument, Progress, UserError } from '../generated/types';
import type { Depth } from '../page/depth.ts';

/** what went wrong on our side */
export type Fault = { message: string; trace: string };

export interface State {
  /** the page that stands in the place of a lab, by its address; '' for the lab */
  page: string;
  lab: Lab;
  /** the text of every field, defaults included */
  inputs: Record<string, string>;
  /** how far the answer is opened */
  depth: Depth;
  /** whether the reader is to try before the answer is seen */
  tried: boolean;
  /** what could not be read from the address */
  problems: string[];
  /** the address of `inputs` */
  link: string;
  /** the visitor's own last inputs, when others are on the page */
  draft: Record<string, string> | null;
  /** the last answer */
  document: NablaDocument | null;
  /** the inputs `document` answers */
  answered: Record<string, string> | null;
  /** whether `document` was computed when the page was built, Python's own still under way */
  prepared: boolean;
  /** blocks of the answer under way, once it takes long enough for them to be shown */
  partial: Block[];
  /** what stands above them, as soon as it is known */
  head: Head | null;
  /** how far that work is, where it says so */
  progress: Progress | null;
  busy: boolean;
  /** busy for so long that it should be said */
  slow: boolean;
  /** whether the work under way can be held */
  pausable: boolean;
  paused: boolean;
  /** what is wrong with the inputs, and the text of the field then */
  error: (UserError & { text: string }) | null;
  fault: Fault | null;
  engine: EngineStatus;
  /** what the live region says */
  said: string;
}

export type Store<T> = {
  get: () => T;
  update: (patch: Partial<T>) => void;
  subscribe: (listener: () => void) => () => void;
};

export function createStore<T extends object>(initial: T): Store<T> {
  let state = initial;
  const listeners: Set<() => void> = new Set();
  return {
    get: () => state,
    update(patch) {
      state = { ...state, ...patch };
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function initialState(lab: Lab): State {
  return {
    page: '',
    lab,
    inputs: filled(lab, lab.example),
    depth: 'answer',
    tried: false,
    problems: [],
    link: '',
    draft: null,
    document: null,
    answered: null,
    prepared: false,
    partial: [],
    head: null,
    progress: null,
    busy: false,
    slow: false,
    pausable: false,
    paused: false,
    error: null,
    fault: null,
    engine: { phase: 'idle', stage: null, cause: '', trace: '' },
    said: '',
  };
}

/** The text of every field: what is given, else the field's default. */
export function filled(lab: Lab, given: Readonly<Record<string, string>>) {
  return Object.fromEntries(lab.fields.map((field) => [field.name, given[field.name] ?? field.default]));
}

/** what the fields of an answer's form hold */
export type Form = { lab: Lab; inputs: Record<string, string> };

/**
 * The form of what is asked: that of the lab; of a whole text, that of the lab which answered it, with what was read in
 * the text and then changed. A text without an answer has none.
 */
export function formOf({ lab, inputs, document }: State, labs: Lab[], asking: Lab): Form | null {
  if (lab !== asking) return { lab, inputs };
  const own = labs.find(({ name }) => name === document?.lab);
  return own && document ? { lab: own, inputs: { ...filled(own, document.inputs), ...changesOf(inputs) } } : null;
}

/** What was changed of what was read in a text. */
export function changesOf(inputs: Readonly<Record<string, string>>): Record<string, string> {
  if (!inputs.with?.trim()) return {};
  try {
    const found: unknown = JSON.parse(inputs.with);
    return typeof found === 'object' && found !== null ? (found as Record<string, string>) : {};
  } catch (error) {
    // Python says what is wrong with it.
    if (!(error instanceof SyntaxError)) throw error;
    return {};
  }
}

/** Changes as inputs of a text: those of the lab that answered it are kept beside it. */
export function besideText(inputs: Readonly<Record<string, string>>, changes: Record<string, string>) {
  const own = Object.entries(changes).filter(([name]) => name in inputs);
  const others = Object.entries(changes).filter(([name]) => !(name in inputs));
  if (others.length === 0) return changes;
  return { ...Object.fromEntries(own), with: JSON.stringify({ ...changesOf(inputs), ...Object.fromEntries(others) }) };
}

export function sameInputs(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>> | null) {
  if (!b) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => (a[key] ?? '') === (b[key] ?? ''));
}

/** The blocks of an answer, those that are as they were replaced by the objects that they were. */
export const keptBlocks = (blocks: Block[], before: Block[]) =>
  blocks.map((block, i) => (equal(block, before[i]) ? (before[i] as Block) : block));

/** Whether data is the same; NaN is itself. */
function equal(a: any, b: any): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b || a.constructor !== b.constructor) return false;
  if (ArrayBuffer.isView(a) || Array.isArray(a)) {
    const [one, other] = [a, b] as any[];
    if (one.length !== other.length) return false;
    for (let i = 0; i < one.length; i++) if (!equal(one[i], other[i])) return false;
    return true;
  }
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => equal(a[key], b[key]));
}

/** What `<main id="answer">` says of itself in `data-state`. */
export function answerState(state: State): 'empty' | 'loading' | 'answered' | 'stale' | 'error' {
  if (state.page) return 'answered';
  if (state.busy) return state.document ? 'stale' : 'loading';
  if (state.error || state.fault) return 'error';
  if (state.document && sameInputs(state.inputs, state.answered)) return 'answered';
  if (state.engine.phase === 'failed') return 'error';
  return state.document ? 'stale' : 'empty';
}
