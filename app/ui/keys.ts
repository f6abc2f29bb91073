/** What typing and pasting into a field does. */

import type { Field } from '../generated/types';

/** Where the keyboard takes half of the screen, an answer waits until the keys rest. */
const SMALL = '(max-width: 899px)';
const [QUICK, PATIENT] = [300, 1000];

/** How long after the last key an answer is computed, in ms; a program runs only when it is asked for. */
export function pauseFor(kind: Field['kind'], text: string) {
  if (kind === 'code' && text.includes('\n')) return Number.POSITIVE_INFINITY;
  return pause();
}

export function pause() {
  return matchMedia(SMALL).matches ? PATIENT : QUICK;
}

/** Lines pasted into a field of one line would run into each other: they come in with semicolons between. */
export function joined(event: ClipboardEvent) {
  const text = event.clipboardData?.getData('text/plain').trim() ?? '';
  if (!/[\r\n]/.test(text)) return;
  event.preventDefault();
  const node = event.currentTarget as HTMLInputElement;
  const lines = text.split(/\s*[\r\n]+\s*/).map((line) => line.replace(/[;,]$/, ''));
  put(node, lines.join('; '));
}

/** A text in the place of what is selected, as if it were typed. */
export function put(node: HTMLInputElement | HTMLTextAreaElement, text: string) {
  const end = node.value.length;
  node.setRangeText(text, node.selectionStart ?? end, node.selectionEnd ?? end, 'end');
  node.dispatchEvent(new Event('input', { bubbles: true }));
}
