/**
 * What the visitor typed, kept on this device, a few versions for each lab, the newest first.
 *
 * A link only shows its inputs; the first change made to them starts a new draft and leaves the older ones alone.
 */

import type { TextStorage } from '../page/storage.ts';
import { sameInputs } from './state.ts';

const KEPT = 8;
const LONGEST = 1_000_000;

export type Inputs = Record<string, string>;

/** @param storage where drafts are kept; without one they last as long as the page */
export function createDrafts(storage: TextStorage | null) {
  const loaded: Map<string, Inputs[]> = new Map();

  function all(lab: string) {
    let drafts = loaded.get(lab);
    if (!drafts) {
      drafts = parse(storage?.getItem(key(lab)) ?? null);
      loaded.set(lab, drafts);
    }
    return drafts;
  }

  return {
    latest: (lab: string): Inputs | null => all(lab)[0] ?? null,
    /** Put `inputs` in front: as a new draft, or over the newest one when it is the one being edited. */
    save(lab: string, inputs: Inputs, fresh: boolean) {
      // What no storage would take is not tried: the page would stand still meanwhile.
      if (Object.values(inputs).some((text) => text.length > LONGEST)) return;
      const edited = fresh ? null : (all(lab)[0] ?? null);
      // Another tab may have kept drafts meanwhile.
      const known = storage ? parse(storage.getItem(key(lab))) : all(lab);
      const older = known.filter((draft) => !sameInputs(draft, inputs) && !(edited && sameInputs(draft, edited)));
      const kept = [inputs, ...older].slice(0, KEPT);
      loaded.set(lab, kept);
      if (storage) keep(storage, lab, kept);
    },
    /** Nothing is known any more of what was kept. */
    forget: () => loaded.clear(),
  };
}

/** A full or refusing storage costs drafts of the next visit, the older ones first, and nothing on this page. */
function keep(storage: TextStorage, lab: string, drafts: Inputs[]) {
  for (const count of [drafts.length, 1]) {
    try {
      storage.setItem(key(lab), JSON.stringify(drafts.slice(0, count)));
      return;
    } catch (error) {
      console.warn(`Nabla: ${count} of the drafts could not be kept.`, error);
    }
  }
}

const key = (lab: string) => `nabla.drafts.${lab}`;

function parse(text: string | null): Inputs[] {
  if (!text) return [];
  try {
    const drafts = JSON.parse(text);
    if (Array.isArray(drafts)) return drafts.filter(isInputs);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  console.warn('Nabla: the kept drafts could not be read.');
  return [];
}

/** Others of the same origin can write here: only texts by name are drafts. */
const isInputs = (draft: unknown): draft is Inputs =>
  typeof draft === 'object' &&
  draft !== null &&
  !Array.isArray(draft) &&
  Object.values(draft).every((text) => typeof text === 'string');
