/** The text of the box, folded to two lines: what was read in it marked, a click away from being changed. */

import { useEffect, useRef } from 'preact/hooks';
import { html } from '../page/html.ts';
import type { Question, Span } from './question.ts';
import { excerpt, hueOf } from './question.ts';

/** @param lit the places of the text that belong to what the reader points at */
export function Paste({
  text,
  question,
  lit,
  edit,
  label,
}: {
  text: string;
  question: Question | null;
  lit: Span[];
  edit: () => void;
  label: string;
}) {
  const lines = useRef(null as HTMLElement | null);
  useEffect(() => {
    const node = lines.current?.querySelector('[data-lit=true]') as HTMLElement | null;
    // The folded lines are not moved sideways, nor the page: only what is cut off below comes up.
    if (lines.current) lines.current.scrollTop = node ? node.offsetTop : 0;
  }, [lit]);
  const isLit = (span: Span) => lit.some(([from, to]) => from < span[1] && span[0] < to);
  return html`<div class="paste" onClick=${edit}>
    <p ref=${lines}>${excerpt(text, question).map(({ text, role, span }) =>
      role === 'unused'
        ? html`<s data-lit=${isLit(span)}>${text}</s>`
        : role
          ? html`<mark data-hue=${hueOf(role)} data-lit=${isLit(span)}>${text}</mark>`
          : text,
    )}</p>
    <button type="button" class="quiet" aria-label=${label}>Edit</button>
  </div>`;
}
