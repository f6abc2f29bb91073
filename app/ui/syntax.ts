/** The syntax card: what can be written, from the reader's own tables. */

import card from '../generated/syntax.json' with { type: 'json' };
import { html } from '../page/html.ts';
import { Tex } from '../render/formula/tex.ts';

export const title = 'What can be written';

const Examples = ({ rows }: { rows: { text: string; tex: string }[] }) =>
  html`<dl class="readings">${rows.map(
    ({ text, tex }) => html`<div><dt><code>${text}</code></dt><dd><${Tex} tex=${tex} /></dd></div>`,
  )}</dl>`;

const Functions = ({ rows }: { rows: { call: string; also: string[]; meaning: string }[] }) =>
  html`<dl class="functions">${rows.map(
    ({ call, also, meaning }) => html`<div>
    <dt><code>${call}</code></dt>
    ${also.length > 0 && html`<dd>also ${also.map((alias) => html`<code>${alias}</code> `)}</dd>`}
    ${meaning && html`<dd>${meaning.includes('(') ? html`<code>${meaning}</code>` : meaning}</dd>`}
  </div>`,
  )}</dl>`;

const Commands = ({ names }: { names: string[] }) =>
  html`<p class="commands">${names.map((name) => html`<code>\\${name}</code> `)}</p>`;

export function Page() {
  return html`<main id="answer" class="page help-page" tabindex="-1" data-state="answered" aria-labelledby="help">
    <h1 id="help">What can be written</h1>
    <p class="summary">As in Python, as in a book, or as LaTeX. Under the field stands always how it was read; where there are two readings, the other one is a click away.</p>
    <h2>Read like this</h2>
    ${card.examples.map(({ title, rows }) => html`<h3>${title}</h3><${Examples} rows=${rows} />`)}
    <h2>Functions</h2>
    ${card.functions.map(({ title, rows }) => html`<h3>${title}</h3><${Functions} rows=${rows} />`)}
    <h2>Constants</h2>
    <ul class="lines">${card.constants.map(
      ({ spelled }) => html`<li>${spelled.map((spelling) => html`<code>${spelling}</code> `)}</li>`,
    )}</ul>
    <h2>Operators, the strongest first</h2>
    <ol class="lines">${card.operators.map(
      ({ operators }) => html`<li>${operators.split(' ').map((operator) => html`<code>${operator}</code> `)}</li>`,
    )}</ol>
    <h2>Greek letters</h2>
    <p class="commands">${card.greek.map(({ letters, name }) => html`<span>${[...letters].map((letter) => html`<code>${letter}</code> `)}${name}</span> `)}</p>
    <h2>LaTeX</h2>
    <p>Beside functions and Greek letters, which have their usual commands:</p>
    <${Commands} names=${card.latex.read} />
    <p>Known, but refused with a reason, since a formula to differentiate cannot hold them:</p>
    <${Commands} names=${card.latex.refused} />
  </main>`;
}
