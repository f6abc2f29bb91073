/** A program with one of its lines lit, which is brought into sight in its own frame. */

import { useLayoutEffect, useRef } from 'preact/hooks';
import { html } from '../page/html.ts';

/** Longer programs are not shown beside a derivation. */
const MOST = 200;

/** @param line counted from 1; 0 where none is lit */
export function ProgramLines({ text, line }: { text: string; line: number }) {
  const frame = useRef(null as HTMLElement | null);
  useLayoutEffect(() => {
    const node = frame.current?.querySelector('[data-lit]') as HTMLElement | null;
    if (frame.current && node) frame.current.scrollTop = node.offsetTop - frame.current.clientHeight / 2;
  }, [line]);
  const lines = text.trimEnd().split('\n');
  if (lines.length < 2 || lines.length > MOST) return null;
  return html`<pre class="program-lines" ref=${frame} tabindex="0" aria-label="The program">${lines.map(
    (text, i) => html`<span data-lit=${i + 1 === line || undefined}>${text || ' '}</span>`,
  )}</pre>`;
}
