/** A slider for each number that stands in an input and in the sentence that answers: the answer and its plots follow. */

import { useRef } from 'preact/hooks';
import type { Sentence } from '../generated/types';
import { html } from '../page/html.ts';
import { useDrawQueue } from '../render/draw_queue.ts';
import { formatNumber } from '../render/number.ts';
import type { Session } from '../visit/session.ts';
import { assigned, givenOf, numberIn, reachOf } from './numbers.ts';

/** A slider has so many steps on each side of zero. */
const STEPS = 100;

export function Sliders({
  sentence,
  inputs,
  apply,
}: {
  sentence: Sentence;
  /** what the inputs hold now, which the sentence follows */ inputs: Record<string, string>;
  apply: Session['apply'];
}) {
  const ours = useDrawQueue();
  // The ends of a slider stay where they are while it is moved.
  const reach = useRef(new Map<string, number>());
  const given = givenOf(sentence);
  if (given.length === 0 || !ours) return null;
  return html`<div class="sliders">${given.map(({ name, value: answered, input }) => {
    const value = numberIn(inputs[input] ?? '', name) ?? answered;
    const end = reachOf(value, reach.current.get(name) ?? 0);
    reach.current.set(name, end);
    const set = (settled: boolean) => (event: any) =>
      apply((now) => ({ [input]: assigned(now[input] ?? '', name, Number(event.currentTarget.value)) }), settled);
    return html`<label key=${name}><span><i>${name}</i> = ${formatNumber(value)}</span>
      <input type="range" min=${-end} max=${end} step=${end / STEPS} value=${value} onInput=${set(false)} onChange=${set(true)} /></label>`;
  })}</div>`;
}
