/** The Python cell as a page: a program in one cell or several, buttons, and what comes of each. */

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { CopyButton } from '../page/copy.ts';
import { html } from '../page/html.ts';
import { Menu } from '../page/menu.ts';
import { EngineLine } from '../ui/engine_line.ts';
import type { PageProps } from '../ui/pages.ts';
import { createDrafts } from '../visit/drafts.ts';
import { leftOut } from '../visit/link.ts';
import type { Session } from '../visit/session.ts';
import { Editor } from './editor.ts';
import { CELL } from './lab.ts';
import { Markdown } from './markup.ts';
import { notebookOf, textOfFile } from './notebook.ts';
import { Outputs } from './outputs.ts';
import { openSandbox } from './sandbox.ts';
import { save } from './save.ts';
import type { Cell } from './session.ts';
import { createCell } from './session.ts';
import type { CellPart, CellState } from './state.ts';
import { NOTHING } from './state.ts';
import './style.ts';

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
  const drop = {
    onDragOver: (event: DragEvent) => event.dataTransfer?.types.includes('Files') && event.preventDefault(),
    onDrop: (event: DragEvent) => {
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      give(cell, event.dataTransfer.files);
    },
  };
  return html`<div class="cell" data-several=${state.cells.length > 1} ...${drop}>
      <section class="question" aria-labelledby="lab">
        <h1 id="lab">Python</h1>
        <p class="summary">NumPy, SciPy, SymPy, Matplotlib, pandas and nabla, in a sandbox in your browser. The last value is shown.</p>
        ${state.draft !== null && html`<p class="kept">Your own draft is kept. <button type="button" class="link" onClick=${() => cell.openDraft()}>Open it</button></p>`}
        <${Bar} cell=${cell} state=${state} />
        ${state.linked && html`<div class="note" data-tone="tip" role="note"><p>This code came with the link. It runs in a sandbox that cannot reach this page or your drafts, and only when you press Run.</p></div>`}
        <${Help} />
      </section>
      <${Answer} cell=${cell} state=${state} session=${props.session} />
    </div>
    <p class="unseen" role="status" aria-live="polite">${state.said}</p>`;
}

/** Files larger than this are not given to programs. */
const LARGEST = 64 << 20;

async function give(cell: Cell, files: Iterable<File>) {
  for (const file of files)
    if (file.size <= LARGEST) cell.put(file.name.replaceAll('/', '_'), new Uint8Array(await file.arrayBuffer()));
}

/** What is done with the whole program. */
function Bar({ cell, state }: { cell: Cell; state: CellState }) {
  const engine = { phase: state.phase, stage: state.stage, cause: state.cause, trace: state.trace };
  const several = state.cells.length > 1;
  const file = useRef(null as HTMLInputElement | null);
  const data = useRef(null as HTMLInputElement | null);
  const [problem, setProblem] = useState('');
  const open = async (input: HTMLInputElement) => {
    const chosen = input.files?.[0];
    if (!chosen) return;
    try {
      cell.replace(textOfFile(chosen.name, await chosen.text()));
      setProblem('');
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      setProblem(`${chosen.name} is not a notebook: ${error.message}.`);
    }
    input.value = '';
  };
  const items = [
    { label: 'Open a program (.py, .ipynb)', act: () => file.current?.click() },
    { label: 'Give it a file to read', act: () => data.current?.click() },
    { label: 'Save as program (.py)', act: () => save('program.py', cell.code()) },
    { label: 'Save as notebook (.ipynb)', act: () => save('notebook.ipynb', notebookOf(state.cells)) },
  ];
  return html`<div class="submit">
      ${
        // Two buttons, not one that becomes the other: its click would go on to start anew.
        state.running === null
          ? html`<button key="run" type="button" class="primary" onClick=${cell.runAll}>${several ? 'Run all' : 'Run'}</button>`
          : html`<button key="stop" type="button" class="primary" onClick=${cell.stop}>Stop</button>`
      }
      <${EngineLine} engine=${engine} retry=${cell.retry}><kbd>Ctrl</kbd> <kbd>Enter</kbd> to run</${EngineLine}>
      ${several && html`<label class="cell-reactive"><input type="checkbox" checked=${state.reactive} onChange=${(event: any) => cell.react(event.currentTarget.checked)} /> Run what depends on a change</label>`}
      <div class="tools"><${LinkButton} state=${state} code=${cell.code()} /><${Menu} of="the program" label="File" items=${items} /></div>
      <input type="file" accept=".py,.ipynb,.txt" hidden ref=${file} onChange=${(event: any) => open(event.currentTarget)} />
      <input type="file" multiple hidden ref=${data} aria-label="Files for the program" onChange=${(event: any) => give(cell, event.currentTarget.files)} />
    </div>
    ${state.files.length > 0 && html`<p class="kept">Programs can read ${state.files.map((name, i) => html`${i > 0 && ', '}<code>${name}</code>`)}.</p>`}
    ${problem && html`<p class="note" data-tone="warning" role="alert">${problem}</p>`}`;
}

const Help = () => html`<details class="fold cell-help"><summary>What is there</summary>
  <ul>
    <li><code>np</code>, <code>sp</code>, <code>nabla</code>: NumPy, SymPy, nabla; <code>display(a, b)</code> shows values on the way</li>
    <li>SciPy, Matplotlib, pandas, scikit-learn, seaborn, Pillow, requests, Beautiful Soup, openpyxl and tqdm come when they are imported</li>
    <li><code>(x, y)</code>: two arrays of one length become a curve; figures of Matplotlib are shown when the program ends</li>
    <li><code>%pip install …</code> or <code>await micropip.install("…")</code>: brings a package of pure Python, by name or by the address of its wheel</li>
    <li>A line <code># %%</code> in a file begins a cell. Run all begins anew; one cell alone builds on what ran before it.</li>
    <li>A program may fetch from other sites; it holds nothing of yours but itself.</li>
  </ul>
</details>`;

function LinkButton({ state, code }: { state: CellState; code: string }) {
  if (leftOut(CELL, { code }).length > 0)
    return html`<span class="bytes">The program is too long for a link. Send the file beside it.</span>`;
  const link = new URL(state.link, location.href).href;
  return html`<span class="bytes">${link.length.toLocaleString()} characters</span>
    <${CopyButton} text=${link} what="the link" label="Copy the link" />`;
}

function Answer({ cell, state, session }: { cell: Cell; state: CellState; session: Session }) {
  const { cells, came, running, phase } = state;
  const all = cells.map(({ id }) => came[id] ?? NOTHING);
  const failed = phase === 'failed' || all.some(({ error }) => error);
  const ran = all.some(({ ran }) => ran !== null);
  const shown = running !== null ? 'loading' : failed ? 'error' : ran ? 'answered' : 'empty';
  return html`<main id="answer" tabindex="-1" class="cell-results" data-state=${shown} aria-busy=${running !== null} aria-label="Answer">
    ${state.problems.length > 0 && html`<aside class="note" data-tone="warning" id="problems" role="alert">${state.problems.map((problem) => html`<p>${problem}</p>`)}</aside>`}
    ${cells.map((one, place) => html`<${Row} key=${one.id} cell=${cell} state=${state} part=${one} place=${place} session=${session} />`)}
  </main>`;
}

/** One cell: its program and beside it, or below where there is little room, what came of it. */
function Row(props: { cell: Cell; state: CellState; part: CellPart; place: number; session: Session }) {
  const { cell, state, part, place, session } = props;
  const several = state.cells.length > 1;
  const came = state.came[part.id] ?? NOTHING;
  const running = state.running === part.id;
  const stale = came.ran !== null && came.ran !== part.source && !running;
  const name = several ? `Program of cell ${place + 1}` : 'Program';
  return html`<section class="cell-row" data-kind=${part.kind} data-state=${running ? 'running' : came.error ? 'error' : came.ran === null ? 'new' : 'done'} aria-label=${several ? `Cell ${place + 1}` : undefined}>
    <div class="cell-source">
      ${
        part.kind === 'code'
          ? html`<${Editor} code=${part.source} label=${name} error=${came.ran === part.source ? came.error : null}
        onType=${(source: string) => cell.type(part.id, source)} onRun=${() => cell.run(part.id)} />`
          : html`<${TextCell} cell=${cell} part=${part} name=${name} />`
      }
      <${Controls} ...${props} several=${several} />
    </div>
    <div class="cell-came" data-stale=${stale}>
      ${part.kind === 'code' && html`<${Outputs} came=${came} running=${running} session=${session} get=${cell.get} />`}
      ${running && state.prompt !== null && html`<${Typed} prompt=${state.prompt} answer=${cell.answer} />`}
      ${!several && !running && !came.error && !came.note && came.outputs.length === 0 && html`<p class="empty">${came.ran !== null ? 'The program has ended and shown nothing.' : 'Nothing has run yet.'}</p>`}
    </div>
  </section>`;
}

function Controls({
  cell,
  state,
  part,
  place,
  several,
}: {
  cell: Cell;
  state: CellState;
  part: CellPart;
  place: number;
  several: boolean;
}) {
  const idle = state.running === null;
  const items = [
    { label: 'Move up', act: () => cell.move(part.id, -1) },
    { label: 'Move down', act: () => cell.move(part.id, 1) },
    { label: 'Remove', act: () => cell.remove(part.id) },
  ];
  return html`<div class="cell-controls">
    ${
      several &&
      part.kind === 'code' &&
      html`<button type="button" disabled=${!idle} onClick=${() => cell.run(part.id)}>Run</button>
      <button type="button" disabled=${!idle} onClick=${() => cell.runFrom(part.id)}>Run from here</button>`
    }
    <button type="button" onClick=${() => cell.add(part.id, 'code')}>+ Code</button>
    <button type="button" onClick=${() => cell.add(part.id, 'text')}>+ Text</button>
    ${several && html`<${Menu} of=${`cell ${place + 1}`} items=${items} />`}
  </div>`;
}

/** A cell of text: shown as it reads, and as Markdown while it is edited. */
function TextCell({ cell, part, name }: { cell: Cell; part: CellPart; name: string }) {
  const [open, setOpen] = useState(part.source === '');
  if (!open)
    return html`<div class="cell-text-shown"><${Markdown} text=${part.source} /><button type="button" class="link" onClick=${() => setOpen(true)}>Edit</button></div>`;
  return html`<textarea class="cell-markdown" aria-label=${name} rows=${Math.max(3, part.source.split('\n').length)} value=${part.source}
      placeholder="Text in Markdown, formulas between dollar signs"
      onInput=${(event: any) => cell.type(part.id, event.currentTarget.value)}
      onBlur=${() => part.source.trim() && setOpen(false)}></textarea>`;
}

/** What a program that calls input() waits for. */
function Typed({ prompt, answer }: { prompt: string; answer: (text: string) => void }) {
  const field = useRef(null as HTMLInputElement | null);
  useEffect(() => field.current?.focus(), []);
  return html`<form class="cell-asked" onSubmit=${(event: Event) => {
    event.preventDefault();
    answer(field.current?.value ?? '');
  }} autocomplete="off">
    <input type="text" ref=${field} aria-label=${prompt || 'Input of the program'} />
    <button type="submit">Enter</button>
  </form>`;
}
