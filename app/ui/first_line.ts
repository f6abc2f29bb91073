/** The sentence that answers. Its numbers that stand in an input are dragged sideways, and the answer follows. */

import { useRef } from 'preact/hooks';
import type { Quantity, Sentence } from '../generated/types';
import { html } from '../page/html.ts';
import { Prose } from '../render/formula/prose.ts';
import type { Session } from '../visit/session.ts';
import { assigned, classOf, dragged, givenOf, markedNumbers } from './numbers.ts';

/** A sentence of more letters is set smaller. */
const LONG = 110;

export function FirstLine({
  sentence,
  doubted,
  apply,
}: {
  sentence: Sentence;
  /** whether a check of the answer failed */
  doubted: boolean;
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
  return html`<p class="sentence" data-long=${sentence.text.length > LONG || undefined} data-doubt=${doubted || undefined}
    onPointerDown=${onPointerDown} onPointerMove=${onPointerMove} onPointerUp=${onPointerUp} onPointerCancel=${onPointerUp}
    ><${Prose} text=${markedNumbers(sentence)} /></p>`;
}
