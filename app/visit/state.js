/**
 * What the page knows, in one place with one way to change it.
 *
 * @typedef {import('../generated/types').Lab} Lab
 * @typedef {import('../generated/types').Block} Block
 * @typedef {import('../generated/types').NablaDocument} NablaDocument
 * @typedef {import('../generated/types').UserError} UserError
 * @typedef {import('../engine/protocol').EngineStatus} EngineStatus
 *
 * @typedef {{message: string, trace: string}} Fault what went wrong on our side
 *
 * @typedef {object} Asked what was put into the box of the start page
 * @property {string} text
 * @property {string} what what it was taken for, in a few words
 * @property {string} lab the lab that was opened with it
 *
 * @typedef {object} State
 * @property {string} page the page that stands in the place of a lab, by its address; '' for the lab
 * @property {Asked} asked
 * @property {Lab} lab
 * @property {Record<string, string>} inputs the text of every field, defaults included
 * @property {string[]} problems what could not be read from the address
 * @property {string} link the address of `inputs`
 * @property {Record<string, string> | null} draft the visitor's own last inputs, when others are on the page
 * @property {NablaDocument | null} document the last answer
 * @property {Record<string, string> | null} answered the inputs `document` answers
 * @property {boolean} prepared whether `document` was computed when the page was built, Python's own still under way
 * @property {Block[]} partial blocks of the answer under way, once it takes long enough for them to be shown
 * @property {import('../generated/types').Head | null} head what stands above them, as soon as it is known
 * @property {import('../generated/types').Progress | null} progress how far that work is, where it says so
 * @property {boolean} busy
 * @property {boolean} slow busy for so long that it should be said
 * @property {boolean} pausable whether the work under way can be held
 * @property {boolean} paused
 * @property {(UserError & {text: string}) | null} error what is wrong with the inputs, and the text of the field then
 * @property {Fault | null} fault
 * @property {EngineStatus} engine
 * @property {string} said what the live region says
 */

/**
 * @template T
 * @typedef {{get: () => T, update: (patch: Partial<T>) => void, subscribe: (listener: () => void) => () => void}} Store
 */

/**
 * @template {object} T
 * @param {T} initial
 * @returns {Store<T>}
 */
export function createStore(initial) {
  let state = initial;
  /** @type {Set<() => void>} */
  const listeners = new Set();
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

/**
 * @param {Lab} lab
 * @returns {State}
 */
export function initialState(lab) {
  return {
    page: '',
    asked: { text: '', what: '', lab: '' },
    lab,
    inputs: filled(lab, lab.example),
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

/**
 * The text of every field: what is given, else the field's default.
 * @param {Lab} lab
 * @param {Readonly<Record<string, string>>} given
 */
export function filled(lab, given) {
  return Object.fromEntries(lab.fields.map((field) => [field.name, given[field.name] ?? field.default]));
}

/**
 * @param {Readonly<Record<string, string>>} a
 * @param {Readonly<Record<string, string>> | null} b
 */
export function sameInputs(a, b) {
  if (!b) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => (a[key] ?? '') === (b[key] ?? ''));
}

/**
 * The blocks of an answer, those that are as they were replaced by the objects that they were.
 * @param {Block[]} blocks
 * @param {Block[]} before
 */
export const keptBlocks = (blocks, before) =>
  blocks.map((block, i) => (equal(block, before[i]) ? /** @type {Block} */ (before[i]) : block));

/** Whether data is the same; NaN is itself. @param {any} a @param {any} b @returns {boolean} */
function equal(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b || a.constructor !== b.constructor) return false;
  if (ArrayBuffer.isView(a) || Array.isArray(a)) {
    const [one, other] = /** @type {any[]} */ ([a, b]);
    if (one.length !== other.length) return false;
    for (let i = 0; i < one.length; i++) if (!equal(one[i], other[i])) return false;
    return true;
  }
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => equal(a[key], b[key]));
}

/**
 * What `<main id="answer">` says of itself in `data-state`.
 * @param {State} state
 * @returns {'empty' | 'loading' | 'answered' | 'stale' | 'error'}
 */
export function answerState(state) {
  if (state.page) return 'answered';
  if (state.busy) return state.document ? 'stale' : 'loading';
  if (state.error || state.fault) return 'error';
  if (state.document && sameInputs(state.inputs, state.answered)) return 'answered';
  if (state.engine.phase === 'failed') return 'error';
  return state.document ? 'stale' : 'empty';
}
