/** What is asked of a reader who tries a derivation first, from its steps. No DOM. */

import type { Step } from '../generated/types';

export type Exercise = {
  step: Step;
  /** the left side of the step, in LaTeX */ left: string;
  /** the inputs whose answer is the right side; null where it is a number */ ask: Record<string, string> | null;
  /** the number on the right side */ value: number;
};

const NUMBER = /=\s*(-?\d+(?:\.\d+)?)$/;
/** Numbers that are typed may have so many digits fewer. */
const CLOSE = 5e-4;

/** The steps that can be asked, inner ones before those that they lead to. */
export function exercisesOf(steps: Step[]): Exercise[] {
  return steps.flatMap((step) => {
    const inside = exercisesOf(step.steps);
    const [left = '', ...right] = step.tex.split(' = ');
    const value = Number(NUMBER.exec(step.tex)?.[1] ?? Number.NaN);
    const asked = step.ask ? { ...step.ask } : null;
    const able = right.length > 0 && (asked !== null || !Number.isNaN(value));
    // A rule whose parts are put together in a step of its own is not asked twice.
    const later = asked && steps.some((other) => other !== step && sameAsk(other.ask, step.ask));
    return able && !(later && step.steps.length > 0) ? [...inside, { step, left, ask: asked, value }] : inside;
  });
}

const sameAsk = (one: Step['ask'], other: Step['ask']) => one && other && one.f === other.f && one.wrt === other.wrt;

/** Whether a number is typed that is the value: 4.5, 9/2, -1e-3. */
export function isNumber(typed: string, value: number): boolean {
  const [top, bottom, ...more] = typed.trim().replace('−', '-').split('/');
  const number = Number(top || Number.NaN) / (bottom === undefined ? 1 : Number(bottom || Number.NaN));
  return more.length === 0 && Math.abs(number - value) <= CLOSE * Math.max(Math.abs(value), 1e-9);
}
