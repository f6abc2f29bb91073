/** Past results on this device, the newest first: what was asked, where, when, and the address that asks it again. */

import type { TextStorage } from '../page/storage.ts';
import { proseText } from '../render/formula/tex_text.ts';
import { encodeLink, leftOut } from './link.ts';
import { questionOf } from './past_question.ts';
import type { Session } from './session.ts';
import { filled, sameInputs } from './state.ts';

export interface Entry {
  /** the lab's name */
  lab: string;
  /** what was asked, in a line */
  question: string;
  /** of the answer */
  title: string;
  /** the address in the page */
  link: string;
  /** in ms */
  time: number;
}

const KEY = 'nabla.history';
const KEPT = 50;
/** A question whose address is longer takes the room of many others. */
const LONGEST = 20_000;

export function past(storage: TextStorage | null): Entry[] {
  try {
    const entries = JSON.parse(storage?.getItem(KEY) ?? '[]');
    return Array.isArray(entries) ? entries.filter(isEntry) : [];
  } catch (error) {
    console.warn('Nabla: the past results could not be read.', error);
    return [];
  }
}

/** Only addresses within the page: whoever else writes here must not send visitors elsewhere. */
const isEntry = (entry: any) =>
  ['lab', 'question', 'title', 'link'].every((name) => typeof entry?.[name] === 'string') &&
  entry.link.startsWith('#/') &&
  Number.isFinite(new Date(entry.time).getTime());

/**
 * Put an answer in front; the same question, or an earlier state of it, goes.
 * @param instead the link of the entry that this one goes on from
 */
export function remember(storage: TextStorage | null, entry: Entry, instead: string | null) {
  if (!storage || entry.link.length > LONGEST) return;
  let entries = [entry, ...past(storage).filter(({ link }) => link !== entry.link && link !== instead)].slice(0, KEPT);
  while (entries.length > 0) {
    try {
      storage.setItem(KEY, JSON.stringify(entries));
      return;
    } catch (error) {
      // A full storage keeps the newer half; one that refuses everything keeps nothing.
      if (entries.length === 1) console.warn('Nabla: past results cannot be kept here.', error);
      entries = entries.slice(0, Math.floor(entries.length / 2));
    }
  }
}

/**
 * Keep what the session answers. An unchanged example is not kept, nor are the states of a text while it
 * is typed: only the last of them.
 * @param step the place of the visit
 */
export function recorder({ store }: Session, storage: TextStorage | null, step: () => number) {
  let seen: unknown = null;
  let last: { link: string; lab: string; step: number } | null = null;
  return async () => {
    const { document, answered, inputs, prepared, busy, lab } = store.get();
    if (!document || document === seen || prepared || busy || answered !== inputs) return;
    seen = document;
    if (sameInputs(inputs, filled(lab, lab.example)) || leftOut(lab, inputs).length > 0) return;
    const link = await encodeLink(lab, inputs);
    const at = step();
    const same = last && last.lab === lab.name && last.step === at;
    const entry = {
      lab: lab.name,
      question: questionOf(lab, inputs),
      title: proseText(document.title),
      link,
      time: Date.now(),
    };
    remember(storage, entry, same && last ? last.link : null);
    last = { link, lab: lab.name, step: at };
  };
}
