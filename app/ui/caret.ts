/** The typed text once more, with its fault underlined and a caret beneath. */

import { html } from '../page/html.ts';

const AROUND = 32;

/**
 * The line of the fault in three parts, cut to what is near it. Python counts characters, JavaScript halves of some.
 */
export function excerpt(text: string, [start, end]: [number, number]) {
  const letters = [...text];
  const from = letters.lastIndexOf('\n', Math.max(0, start - 1)) + 1;
  const next = letters.indexOf('\n', start);
  const to = next < 0 ? letters.length : next;
  const last = Math.min(Math.max(end, start), to);
  const [low, high] = [Math.max(from, start - AROUND), Math.min(to, last + AROUND)];
  return {
    line: letters.slice(0, start).filter((letter) => letter === '\n').length + 1,
    before: (low > from ? '…' : '') + letters.slice(low, start).join(''),
    fault: letters.slice(start, Math.min(last, start + 2 * AROUND)).join(''),
    after: letters.slice(last, high).join('') + (high < to ? '…' : ''),
  };
}

export function Caret({ text, span }: { text: string; span: [number, number] }) {
  const { line, before, fault, after } = excerpt(text, span);
  return html`<pre class="caret" aria-hidden="true">${text.includes('\n') && html`<span class="line">${line}</span>`}${before}<mark data-empty=${!fault}>${fault || ' '}</mark>${after}</pre>`;
}
