/** The places of a text that can be read in two ways, underlined over the field in which it is typed. */

import { useLayoutEffect, useRef } from 'preact/hooks';
import { html } from '../page/html.ts';
import type { Remark } from './preview.ts';

/**
 * The text in pieces, those marked that a remark with another reading is about. Python counts characters, JavaScript
 * halves of some.
 */
export function pieces(text: string, remarks: Remark[]): { text: string; marked: boolean }[] {
  const letters = [...text];
  const marked = letters.map(() => false);
  for (const { span, alternative } of remarks) if (span && alternative) marked.fill(true, ...span);
  const found: { text: string; marked: boolean }[] = [];
  letters.forEach((letter, i) => {
    const last = found.at(-1);
    if (last && last.marked === marked[i]) last.text += letter;
    else found.push({ text: letter, marked: Boolean(marked[i]) });
  });
  return found;
}

/** A copy of the text that only shows its underlines, and scrolls with the field. */
export function Underlined({
  text,
  remarks,
  control,
}: {
  text: string;
  remarks: Remark[];
  control: { current: HTMLInputElement | HTMLTextAreaElement | null };
}) {
  const copy = useRef(null as HTMLElement | null);
  const shown = remarks.some(({ span, alternative }) => span && alternative);
  useLayoutEffect(() => {
    const field = control.current;
    if (!shown || !field) return;
    const follow = () => {
      if (copy.current) copy.current.scrollLeft = field.scrollLeft;
    };
    follow();
    field.addEventListener('scroll', follow);
    return () => field.removeEventListener('scroll', follow);
  }, [shown, text]);
  if (!shown) return null;
  const marks = pieces(text, remarks).map(({ text, marked }) => (marked ? html`<mark>${text}</mark>` : text));
  return html`<div class="underlined" ref=${copy} aria-hidden="true"><span>${marks}</span></div>`;
}
