/** The sentence that answers. Its numbers that stand in an input are dragged sideways, and the answer follows. */

import { useRef, useState } from 'preact/hooks';
import type { Quantity, Sentence } from '../generated/types';
import { html } from '../page/html.ts';
import { Prose } from '../render/formula/prose.ts';
import type { Session } from '../visit/session.ts';
import { leading } from './leading.ts';
import { assigned, classOf, dragged, givenOf, markedNumbers } from './numbers.ts';

/** A sentence of more letters is set smaller. */
const LONG = 110;
/** Of what else it says, so many letters are seen at once. */
const CLAMPED = 240;

export function FirstLine({
  sentence,
  doubted,
  roomy,
  apply,
}: {
  sentence: Sentence;
  /** whether a check of the answer failed */
  doubted: boolean;
  /** whether it has the room that was kept for it */
  roomy: boolean;
  apply: Session['apply'];
}) {
  const held = useRef(null as { quantity: Quantity; from: number; value: number } | null);
  const set = (settled: boolean) => {
    if (!held.current) return;
    const { quantity, value } = held.current;
    apply((now) => ({ [quantity.input]: assigned(now[quantity.input] ?? '', quantity.name, value) }), settled);
  };
  const onPointerDown = (event: PointerEvent) => {
    const target = event.target as Element;
    const quantity = givenOf(sentence).find((_, place) => target.closest(`.${classOf(place)}`));
    if (!quantity || event.button !== 0) return;
    event.preventDefault();
    // The number itself is drawn anew with each answer; the sentence stays.
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    held.current = { quantity, from: event.clientX, value: quantity.value };
  };
  const onPointerMove = (event: PointerEvent) => {
    if (!held.current) return;
    const { quantity, from, value } = held.current;
    const next = dragged(quantity.value, event.clientX - from);
    if (next === value) return;
    held.current.value = next;
    set(false);
  };
  const onPointerUp = () => {
    if (held.current && held.current.value !== held.current.quantity.value) set(true);
    held.current = null;
  };
  const [first, rest] = leading(markedNumbers(sentence));
  const [whole, setWhole] = useState(false);
  const long = rest.length > CLAMPED;
  return html`<p class="sentence" data-long=${first.length > LONG || undefined} data-doubt=${doubted || undefined} data-roomy=${roomy || undefined}
    onPointerDown=${onPointerDown} onPointerMove=${onPointerMove} onPointerUp=${onPointerUp} onPointerCancel=${onPointerUp}
    ><${Prose} text=${first} />${rest && html` <span class="rest" data-clamped=${(long && !whole) || undefined}><${Prose} text=${rest} /></span>`}${
      long && !whole && html`<button type="button" class="link" onClick=${() => setWhole(true)}>All of it</button>`
    }</p>`;
}
