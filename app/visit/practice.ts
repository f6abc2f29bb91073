/** What the page of practice is asked for by its address, and how many exercises were solved in a row. No DOM. */

import type { TextStorage } from '../page/storage.ts';

export const PRACTICE = '/practice';

export type Task = {
  rule: string;
  level: number;
  seed: number;
  /** of a worksheet so many exercises; 0 of a single one */ sheet: number;
  /** whether hints and solutions are withheld, as from a teacher */ test: boolean;
};

export type Known = { rules: Record<string, string>; levels: number[] };

const [LARGEST_SEED, LONGEST_SHEET] = [999_999, 40];

/** The task of an address; what it does not say, or says wrongly, is that of the first exercise. */
export function taskOf(hash: string, { rules, levels }: Known): Task {
  const given = new URLSearchParams(/\?(.*)/.exec(hash)?.[1] ?? '');
  const whole = (name: string, most: number) => {
    const text = given.get(name) ?? '';
    return /^\d{1,6}$/.test(text) && Number(text) <= most ? Number(text) : 0;
  };
  const rule = given.get('rule') ?? '';
  return {
    rule: Object.hasOwn(rules, rule) ? rule : 'chain',
    level: levels.find((level) => level === whole('level', 9)) ?? (levels[0] as number),
    seed: whole('seed', LARGEST_SEED) || 1,
    sheet: whole('sheet', LONGEST_SHEET),
    test: given.get('test') === '1',
  };
}

export function linkOf({ rule, level, seed, sheet, test }: Task): string {
  const more = `${sheet ? `&sheet=${sheet}` : ''}${test ? '&test=1' : ''}`;
  return `#${PRACTICE}?rule=${rule}&level=${level}&seed=${seed}${more}`;
}

/** The exercises of a worksheet: as many seeds, one after the other. */
export const seedsOf = ({ seed, sheet }: Task) =>
  Array.from({ length: sheet }, (_, i) => ((seed - 1 + i) % LARGEST_SEED) + 1);

export type Streak = { now: number; best: number };

const KEY = 'nabla.practice';

export function readStreak(storage: TextStorage | null): Streak {
  try {
    const { now, best } = JSON.parse(storage?.getItem(KEY) ?? '{}');
    const count = (value: unknown) => (Number.isSafeInteger(value) && Number(value) > 0 ? Number(value) : 0);
    return { now: count(now), best: Math.max(count(now), count(best)) };
  } catch (error) {
    // What another page has written there is no streak.
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    return { now: 0, best: 0 };
  }
}

/** After an exercise: solved alone it counts on, with its solution seen it begins anew. */
export function counted({ now, best }: Streak, solved: boolean): Streak {
  const next = solved ? now + 1 : 0;
  return { now: next, best: Math.max(best, next) };
}

export function keepStreak(storage: TextStorage | null, streak: Streak) {
  try {
    storage?.setItem(KEY, JSON.stringify(streak));
  } catch (error) {
    console.warn('Nabla: the streak could not be kept.', error);
  }
}
