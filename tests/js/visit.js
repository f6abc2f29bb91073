/** A visit for tests: the session with an address bar, a storage and an engine of its own. */

import { createDrafts } from '../../app/visit/drafts.ts';
import { createSession } from '../../app/visit/session.ts';
import { createStore, initialState } from '../../app/visit/state.ts';
import { asking, derive } from './labs.js';

/** A visit with an address bar, a storage and an engine of its own; `answers` decides what Python says. */
export function visit(
  hash = '#/derive',
  { storage = shelfOf({}), answers = answered, prepared = async () => null, drawn = async () => {} } = {},
) {
  const steps = [{ hash, own: false }];
  const bar = { at: 0, steps };
  /** @type {string[]} */
  const asked = [];
  const store = createStore(initialState(derive));
  const engine = /** @type {any} */ ({
    async call(/** @type {any} */ { args, onBlock }) {
      asked.push(JSON.parse(args[1]).f);
      return answers(JSON.parse(args[1]), onBlock);
    },
    stop() {},
    retry() {},
  });
  const session = createSession({
    store,
    labs: [derive],
    asking,
    engine,
    drafts: createDrafts(storage),
    prepared,
    drawn,
    pages: ['/'],
    address: {
      read: () => bar.steps[bar.at]?.hash ?? '',
      own: () => bar.steps[bar.at]?.own ?? false,
      absolute: (hash) => `https://example.org/${hash}`,
      write(hash, step) {
        if (step) bar.at++;
        bar.steps.splice(bar.at, Number.POSITIVE_INFINITY, { hash, own: true });
      },
    },
  });
  const back = () => {
    bar.at--;
    return session.follow();
  };
  return { session, store, bar, asked, back, f: () => store.get().inputs.f };
}

/** @param {any} inputs @param {any} [_onBlock] @returns {any} */
export const answered = (inputs, _onBlock) => ({
  text: JSON.stringify({ document: { title: `of ${inputs.f}`, blocks: [] } }),
  numbers: null,
});
/** @param {Record<string, string>} kept */
export const shelfOf = (kept) => ({
  getItem: (/** @type {string} */ key) => kept[key] ?? null,
  setItem(/** @type {string} */ key, /** @type {string} */ text) {
    kept[key] = text;
  },
});
export const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
