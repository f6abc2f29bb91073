/** Programs, one tab a language. */

import { useId, useState } from 'preact/hooks';
import type { Code } from '../generated/types';
import { CopyButton } from '../page/copy.ts';
import { html } from '../page/html.ts';

const TOKENS =
  /(#.*)|("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|\b(and|as|assert|def|elif|else|for|from|if|import|in|is|lambda|not|or|print|return|while|with|None|True|False)\b|\b(\d[\w.]*)/g;
const CLASSES = ['', 'comment', 'string', 'keyword', 'number'];

/** Python's text in pieces of one colour. */
function coloured(text: string) {
  const pieces = [];
  let end = 0;
  for (const match of text.matchAll(TOKENS)) {
    const group = match.findIndex((part, i) => i > 0 && part !== undefined);
    pieces.push(text.slice(end, match.index), html`<span class="code-${CLASSES[group]}">${match[0]}</span>`);
    end = match.index + match[0].length;
  }
  return [...pieces, text.slice(end)];
}

/** Whether the cell has what the program imports. */
const runsInCell = ({ language, text }: { language: string; text: string }) =>
  language === 'python' && !/^\s*(?:import|from)\s+(?:torch|jax|autograd|tensorflow|keras)\b/m.test(text);

function openInCell(code: string) {
  location.hash = `#/python?code=${encodeURIComponent(code)}`;
}

export function CodeView({ block }: { block: Code }) {
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const source = block.sources[chosen] ?? block.sources[0];
  if (!source) return null;
  const last = block.sources.length - 1;
  const turn = (event: KeyboardEvent) => {
    const to = { ArrowRight: chosen + 1, ArrowLeft: chosen - 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const index = Math.max(0, Math.min(last, to));
    setChosen(index);
    const tabs = (event.currentTarget as HTMLElement).children;
    (tabs[index] as HTMLElement | undefined)?.focus();
  };
  return html`<figure class="code">
    ${block.title && html`<figcaption>${block.title}</figcaption>`}
    <div class="code-bar">
      <div role="tablist" aria-label=${block.title || 'Program'} onKeyDown=${turn}>${block.sources.map(
        (source, i) => html`<button type="button" role="tab" id=${`${id}-${i}`} aria-selected=${i === chosen}
          aria-controls=${id} tabindex=${i === chosen ? 0 : -1} onClick=${() => setChosen(i)}>${source.label}</button>`,
      )}</div>
      ${runsInCell(source) && html`<button type="button" class="link" onClick=${() => openInCell(source.text)}>Open in Python</button>`}
      <${CopyButton} text=${source.text} what=${`the ${source.label} program`} />
    </div>
    <pre id=${id} role="tabpanel" aria-labelledby=${`${id}-${chosen}`} tabindex="0"><code>${
      source.language === 'python' ? coloured(source.text) : source.text
    }</code></pre>
  </figure>`;
}
