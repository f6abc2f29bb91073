/** The Python cell as a page: a program, a button, and what comes of it. */

import { Component } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { CopyButton } from '../page/copy.ts';
import { html } from '../page/html.ts';
import { memo } from '../page/memo.ts';
import { Blocks } from '../render/document.ts';
import { Prose } from '../render/formula/prose.ts';
import { EngineLine } from '../ui/engine_line.ts';
import { createDrafts } from '../visit/drafts.ts';
import { encodeLink, leftOut } from '../visit/link.ts';
import { Editor } from './editor.ts';
import { openSandbox } from './sandbox.ts';
import { CELL, createCell } from './session.ts';
import './style.ts';
import type { PageProps } from '../ui/pages.ts';
import type { Session } from '../visit/session.ts';
import type { CellError, Place, Shown } from './protocol';
import type { Cell, CellState, Output } from './session.ts';

/** One for the whole visit. */
let cell: Cell | null = null;

function cellOf({ build, storage, visitHistory, quick }: PageProps) {
  const page = location.href.replace(/#.*/, '');
  cell ??= createCell({
    open: (listener) => openSandbox(build, page, quick, listener),
    drafts: createDrafts(storage),
    address: {
      read: () => location.hash,
      write: (hash) => visitHistory.write(hash, false),
      own: visitHistory.own,
    },
  });
  return cell;
}

export const title = 'Python';

export function Page(props: PageProps) {
  const cell = cellOf(props);
  const [state, setState] = useState(cell.store.get());
  useLayoutEffect(() => cell.store.subscribe(() => setState(cell.store.get())), [cell]);
  useEffect(() => {
    cell.start();
    cell.follow();
    addEventListener('hashchange', follow);
    return () => {
      removeEventListener('hashchange', follow);
      cell.close();
    };
  }, [cell]);
  const follow = () => /^#\/?python\b/i.test(location.hash) && cell.follow();
  return html`<div class="cell">
      <section class="question" aria-labelledby="lab">
        <h1 id="lab">Python</h1>
        <p class="summary">NumPy, SymPy and nabla, in a sandbox in your browser. The last value is shown.</p>
        ${state.draft !== null && html`<p class="kept">Your own draft is kept. <button type="button" class="link" onClick=${() => cell.openDraft()}>Open it</button></p>`}
        <${Program} cell=${cell} state=${state} />
      </section>
      <${Results} state=${state} session=${props.session} />
    </div>
    <p class="unseen" role="status" aria-live="polite">${state.said}</p>`;
}

function Program({ cell, state }: { cell: Cell; state: CellState }) {
  const engine = { phase: state.phase, stage: state.stage, cause: state.cause, trace: state.trace };
  return html`<form class="form" onSubmit=${(event: Event) => {
    event.preventDefault();
    cell.run();
  }} autocomplete="off" novalidate>
    <div class="field" data-field="code" data-kind="code">
      <div class="field-head"><span class="name">Program</span></div>
      <${Editor} code=${state.code} label="Program" error=${state.ran === state.code ? state.error : null}
        onType=${cell.type} onRun=${cell.run} />
    </div>
    ${state.linked && html`<div class="note" data-tone="tip" role="note"><p>This code came with the link. It runs in a sandbox that cannot reach this page or your drafts, and only when you press Run.</p></div>`}
    <div class="submit">
      ${
        // Two buttons, not one that becomes the other: its click would go on to submit the form.
        state.running
          ? html`<button key="stop" type="button" class="primary" onClick=${cell.stop}>Stop</button>`
          : html`<button key="run" type="submit" class="primary">Run</button>`
      }
      <${EngineLine} engine=${engine} retry=${cell.retry}><kbd>Ctrl</kbd> <kbd>Enter</kbd> to run</${EngineLine}>
    </div>
    <${Help} />
  </form>`;
}

const Help = () => html`<details class="fold cell-help"><summary>What is there</summary>
  <ul>
    <li><code>np</code>, <code>sp</code>, <code>nabla</code>: NumPy, SymPy, nabla</li>
    <li><code>display(a, b)</code>: shows values on the way</li>
    <li><code>(x, y)</code>: two arrays of one length become a curve</li>
    <li><code>await micropip.install("…")</code>: brings a package of pure Python, by name or by the address of its wheel</li>
    <li>Each run begins anew. Packages stay until Stop. A program may fetch from other sites; it holds nothing of yours but itself.</li>
  </ul>
</details>`;

function Results({ state, session }: { state: CellState; session: Session }) {
  const { outputs, error, running } = state;
  const shown = running
    ? 'loading'
    : error || state.phase === 'failed'
      ? 'error'
      : state.ran === null
        ? 'empty'
        : 'answered';
  const stale = state.ran !== null && state.ran !== state.code && !running;
  return html`<main id="answer" tabindex="-1" class="cell-results" data-state=${shown} data-stale=${stale} aria-busy=${running}
      aria-label="Answer">
    ${state.problems.length > 0 && html`<aside class="note" data-tone="warning" id="problems" role="alert">${state.problems.map((problem) => html`<p>${problem}</p>`)}</aside>`}
    <header class="answer-head"><h2>Output</h2>
      <div class="tools"><${LinkButton} state=${state} /></div>
    </header>
    <div class="outputs">${outputs.map((output) => html`<${OutputView} key=${output.key} output=${output} session=${session} />`)}</div>
    ${error && html`<${ErrorView} error=${error} code=${state.ran ?? ''} />`}
    ${state.note && html`<aside class="note" data-tone="warning"><p>${state.note}</p></aside>`}
    ${running && html`<p class="cell-running">Running…</p>`}
    ${!running && !error && !state.note && outputs.length === 0 && html`<p class="empty">${state.ran === null ? 'Nothing has run yet.' : 'The program has ended and shown nothing.'}</p>`}
  </main>`;
}

function LinkButton({ state }: { state: CellState }) {
  if (leftOut(CELL, { code: state.code }).length > 0)
    return html`<span class="bytes">The program is too long for a link. Send the file beside it.</span>`;
  const link = new URL(state.link, location.href).href;
  return html`<span class="bytes">${link.length.toLocaleString()} characters</span>
    <${CopyButton} text=${link} what="the link" label="Copy the link" />`;
}

const OutputView = memo(({ output, session }: { output: Output; session: Session }) =>
  output.kind === 'text'
    ? html`<pre class="cell-text" data-stream=${output.stream} tabindex="0" aria-label=${output.stream === 'err' ? 'Printed as an error' : 'Printed'} role="group">${output.text}</pre>`
    : html`<${Guarded}><${ShownView} shown=${output.shown} session=${session} /></${Guarded}>`,
);

function ShownView({ shown, session }: { shown: Shown; session: Session }) {
  const lab = session.labs.find(({ name }) => name === shown.lab);
  const [link, setLink] = useState('');
  useEffect(() => {
    if (lab) encodeLink(lab, shown.inputs).then(setLink);
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
