/** What came of a run, as the page shows it: text, values as blocks, pictures, markup, and the error with its line. */

import { Component } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { html } from '../page/html.ts';
import { memo } from '../page/memo.ts';
import { Blocks } from '../render/document.ts';
import { Prose } from '../render/formula/prose.ts';
import { encodeLink } from '../visit/link.ts';
import type { Session } from '../visit/session.ts';
import { Markup } from './markup.ts';
import type { CellError, ImageType, Place, Shown } from './protocol';
import type { Came, Output, TextOutput } from './state.ts';
import { runsOf } from './terminal.ts';

/** Text with more lines than this is folded. */
const LINES = 400;

export function Outputs(props: { came: Came; running: boolean; session: Session; get: (name: string) => void }) {
  const { came, running, session, get } = props;
  const { outputs, error, written, note, ran } = came;
  return html`<div class="outputs">${outputs.map((output) => html`<${OutputView} key=${output.key} output=${output} session=${session} />`)}</div>
    ${error && html`<${ErrorView} error=${error} code=${ran ?? ''} />`}
    ${written.length > 0 && html`<p class="cell-written">Written: ${written.map(({ name, size }) => html`<button type="button" class="link" onClick=${() => get(name)}>${name}</button> <span class="bytes">${size.toLocaleString('en')} bytes</span> `)}</p>`}
    ${note && html`<aside class="note" data-tone="warning"><p>${note}</p></aside>`}
    ${running && html`<p class="cell-running">Running…</p>`}`;
}

const OutputView = memo(({ output, session }: { output: Output; session: Session }) => {
  if (output.kind === 'text') return html`<${TextView} output=${output} />`;
  if (output.kind === 'image') return html`<${ImageView} mime=${output.mime} bytes=${output.bytes} />`;
  if (output.kind === 'html') return html`<${Guarded}><${Markup} text=${output.text} /></${Guarded}>`;
  return html`<${Guarded}><${ShownView} shown=${output.shown} session=${session} /></${Guarded}>`;
});

function TextView({ output: { stream, text } }: { output: TextOutput }) {
  const [whole, setWhole] = useState(false);
  const lines = text.split('\n');
  const folded = !whole && lines.length > LINES;
  const said = folded ? [...lines.slice(0, LINES / 2), '…', ...lines.slice(-LINES / 2)].join('\n') : text;
  return html`<pre class="cell-text" data-stream=${stream} tabindex="0" aria-label=${stream === 'err' ? 'Printed as an error' : 'Printed'} role="group">${runsOf(
    said,
  ).map(({ text, styles }) =>
    styles.length ? html`<span class=${styles.map((style) => `ansi-${style}`).join(' ')}>${text}</span>` : text,
  )}</pre>${folded && html`<button type="button" class="link" onClick=${() => setWhole(true)}>All ${lines.length.toLocaleString('en')} lines</button>`}`;
}

/** A picture out of the sandbox: as an image, in which nothing of it can run. */
function ImageView({ mime, bytes }: { mime: ImageType; bytes: Uint8Array<ArrayBuffer> }) {
  const address = useMemo(() => URL.createObjectURL(new Blob([bytes], { type: mime })), [bytes]);
  useEffect(() => () => URL.revokeObjectURL(address), [address]);
  const form = mime === 'image/png' ? 'PNG' : 'SVG';
  return html`<figure class="cell-image">
    <img src=${address} alt="A figure that the program has drawn" />
    <figcaption><a href=${address} download=${`figure.${form.toLowerCase()}`}>Save as ${form}</a></figcaption>
  </figure>`;
}

function ShownView({ shown, session }: { shown: Shown; session: Session }) {
  const lab = session.labs.find(({ name }) => name === shown.lab);
  const [link, setLink] = useState('');
  useEffect(() => {
    if (lab) encodeLink(lab, shown.inputs).then(setLink);
    else if (shown.data) encodeLink(session.asking, { q: shown.data }).then(setLink);
  }, [lab, shown]);
  // There is no form here: what a block offers to change opens the lab with it.
  const apply = async (changes: any) => {
    const inputs = typeof changes === 'function' ? changes(shown.inputs) : { ...shown.inputs, ...changes };
    if (lab) location.hash = await encodeLink(lab, inputs);
  };
  return html`<section class="cell-shown">
    ${
      shown.title !== null &&
      html`<header class="cell-title"><h3><${Prose} text=${shown.title} /></h3>
      ${lab && link && html`<a href=${link}>Open in ${lab.title}</a>`}</header>`
    }
    ${shown.warnings.map((warning) => html`<div class="note" data-tone="warning" data-code=${warning.code}><p><${Prose} text=${warning.message} /></p></div>`)}
    ${shown.answer && html`<p class="sentence"><${Prose} text=${shown.answer.tex} /></p>`}
    <div class="blocks"><${Blocks} blocks=${shown.blocks} apply=${apply} /></div>
    ${!lab && link && html`<p class="cell-written"><a href=${link}>Ask about this</a></p>`}
  </section>`;
}

/** What cannot be drawn must not take the page with it. */
class Guarded extends Component {
  state = { cause: '' };
  componentDidCatch(error: unknown) {
    console.warn('Nabla: an output could not be drawn.', error);
    this.setState({ cause: error instanceof Error ? error.message : String(error) });
  }
  render() {
    const { cause } = this.state;
    if (cause) return html`<p class="empty">This could not be drawn: ${cause}</p>`;
    return (this.props as any).children;
  }
}

function ErrorView({ error, code }: { error: CellError; code: string }) {
  const { place } = error;
  return html`<div class="cell-error" role="alert">
    <p><strong>${error.name}</strong>${error.message && html`: <span class="cell-message">${error.message}</span>`}</p>
    ${place && html`<${Marked} code=${code} place=${place} />`}
    ${error.hint && html`<p class="hint">${error.hint}</p>`}
    ${error.trace && html`<details class="fold"><summary>The whole trace</summary><pre class="trace" tabindex="0">${error.trace}</pre></details>`}
  </div>`;
}

/** The line of the error, with its place underlined. */
function Marked({ code, place: [line, column, last, end] }: { code: string; place: Place }) {
  const letters = [...(code.split(/\r?\n/)[line - 1] ?? '')];
  const [from, to] =
    column === null ? [0, letters.length] : [column, last === line && end !== null ? end : letters.length];
  const fault = letters.slice(from, Math.max(to, from)).join('');
  return html`<pre class="caret"><span class="line"><span class="unseen">line </span>${line}</span>${letters.slice(0, from).join('')}<mark data-empty=${!fault}>${fault || ' '}</mark>${letters.slice(Math.max(to, from)).join('')}</pre>`;
}
