/** Numbers of a sentence that stand in an input: found in its LaTeX, and changed by dragging. No DOM. */

import type { Quantity, Sentence } from '../generated/types';

/** `name = number`, as sentences write a number that was given. */
const GIVEN = /([A-Za-z\\][\w\\{}]*) = (-?\d+(?:\.\d+)?)(?![\d.])/g;
/** A finger or a pointer moves so many pixels for a step. */
const PIXELS = 4;

/** The class of a number that can be dragged; render/formula/tex.ts lets it through. */
export const classOf = (place: number) => `given-${place}`;

/** The numbers that can be dragged, in the order of the sentence's list. */
export const givenOf = ({ numbers }: Sentence): Quantity[] => numbers.filter(({ input }) => input !== '');

/** The prose with each number that stands in an input in a class of its own, by its place among those. */
export function markedNumbers(sentence: Sentence): string {
  const given = givenOf(sentence);
  return sentence.tex.replace(GIVEN, (found, name: string, number: string) => {
    const place = given.findIndex((one) => one.name === name.replace(/[\\{}]/g, '') && one.value === Number(number));
    return place < 0 ? found : `${name} = \\htmlClass{${classOf(place)}}{${number}}`;
  });
}

/** The step in which a number is dragged: a tenth of its leading digit, none coarser than a tenth of one. */
const stepOf = (value: number) => 10 ** Math.min(-1, Math.floor(Math.log10(Math.abs(value) || 1)) - 1);

/** A number dragged sideways by so many pixels, with no more digits than its steps have. */
export function dragged(value: number, pixels: number): number {
  const step = stepOf(value);
  const decimals = Math.round(-Math.log10(step));
  return Number((value + Math.trunc(pixels / PIXELS) * step).toFixed(decimals));
}

/** How far a slider goes on both sides of zero: 5, 10, 20, 50 and so on, beyond the number and not less than before. */
export function reachOf(value: number, before: number): number {
  if (before > 0 && Math.abs(value) <= before) return before;
  const wanted = Math.max(5, 1.5 * Math.abs(value));
  const power = 10 ** Math.floor(Math.log10(wanted));
  return power * ([1, 2, 5, 10].find((step) => step * power >= wanted) ?? 10);
}

/** Where an input gives a name its value. */
const assignment = (name: string) => new RegExp(`((?:^|[,;\\s])${name.replace(/[^\w]/g, '\\$&')}\\s*=\\s*)([^,;\\s]+)`);

/** The text of an input with another value of a name: `w=3, x=2` to `w=3.1, x=2`. */
export function assigned(text: string, name: string, value: number): string {
  const pattern = assignment(name);
  if (pattern.test(text)) return text.replace(pattern, (_, before) => `${before}${value}`);
  return text.trim() ? `${text.trim()}, ${name}=${value}` : `${name}=${value}`;
}

/** The number that an input gives a name; null where it gives none, or no plain number. */
export function numberIn(text: string, name: string): number | null {
  const found = Number(assignment(name).exec(text)?.[2]);
  return Number.isFinite(found) ? found : null;
}
