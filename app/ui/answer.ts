/** The answer: the sentence that answers, what was understood, and the rest in three depths; or what went wrong. */

import { useRef } from 'preact/hooks';
import type { Build } from '../engine/protocol.ts';
import type { Caution, NablaDocument, Progress } from '../generated/types';
import { CopyButton } from '../page/copy.ts';
import { html } from '../page/html.ts';
import { checksOf } from '../render/depths.ts';
import { Prose } from '../render/formula/prose.ts';
import { plainProse } from '../render/formula/prose_parse.ts';
import { useTexReady } from '../render/formula/tex.ts';
import type { VisitHistory } from '../visit/history.ts';
import type { Session } from '../visit/session.ts';
import type { Fault, State } from '../visit/state.ts';
import { answerState } from '../visit/state.ts';
import { Chips } from './chips.ts';
import { DepthsView, isPicture } from './depths.ts';
import { EngineLine, useLate } from './engine_line.ts';
import { ErrorCard } from './error_card.ts';
import { FirstLine } from './first_line.ts';
import { OwnDraft } from './kept.ts';
import type { Span } from './question.ts';
import type { Found } from './reading.ts';
import { Told } from './told.ts';
import { Withheld } from './withheld.ts';

/** After so long, in ms, one sees what there is of an answer. */
const LONG = 2500;

export interface AnswerProps {
  state: State;
  session: Session;
  build: Build;
  /** none inside of another page */
  visitHistory?: VisitHistory;
  /** what Python reads in a text that is being written */
  found?: Found | null;
  light?: (spans: Span[]) => void;
}

export function Answer({ state, session, build, visitHistory, found = null, light = () => {} }: AnswerProps) {
  const shown = answerState(state);
  // Until there is more to show, the last answer stays; where there is none, how far the work is stands alone.
  const growing = state.partial.length > 0 || (state.progress !== null && !state.document);
  // A sentence is set with its formulas, or not yet.
  const ready = useTexReady();
  const document = ready ? state.document : null;
  const blocks = growing ? state.partial : (document?.blocks ?? []);
  const head = growing ? state.head : document;
  // An answer comes in one piece, for its parts would move each other. Work that can be paused is watched, though, and
  // so is what takes its time, and the depth one looks at.
  const drawing = growing && state.pausable && blocks.some(isPicture);
  const long = useLate(growing, LONG);
  const open = blocks.length > 0 && (!growing || drawing || long || state.depth !== 'answer');
  const whole = state.lab === session.asking;
  const written = whole && !document && !growing && !state.error && shown !== 'loading';
  if (state.tried && document && !growing)
    return html`<main id="answer" class="answer" tabindex="-1" data-state=${shown} aria-label="Answer">
      <${Withheld} state=${state} session=${session} />
    </main>`;
  return html`<main id="answer" class="answer" tabindex="-1" data-state=${shown} data-quick=${(state.busy && !state.slow) || undefined}
    aria-busy=${state.busy} aria-label="Answer">
    <${OwnDraft} state=${state} session=${session} />
    ${state.problems.length > 0 && html`<${Problems} problems=${state.problems} />`}
    ${state.fault && html`<${FaultCard} fault=${state.fault} state=${state} build=${build} />`}
    ${state.error && html`<${ErrorCard} error=${state.error} state=${state} session=${session} />`}
    ${state.busy && state.slow && state.engine.phase === 'ready' && html`<${Working} session=${session} state=${state} />`}
    ${written && html`<${Told} text=${state.inputs.q ?? ''} found=${found} state=${state} session=${session} />`}
    ${state.engine.phase === 'failed' && html`<${EngineLine} engine=${state.engine} retry=${session.retry} />`}
    ${(growing || document || shown === 'loading' || !ready) && html`<${Head} head=${head} blocks=${blocks} growing=${growing || !document} state=${state} session=${session} />`}
    ${visitHistory && (ready && (shown !== 'loading' || growing) ? html`<${Chips} state=${state} session=${session} light=${light} />` : shown === 'loading' && html`<div class="understood" aria-hidden="true"><span class="bar chips-bar"></span></div>`)}
    ${document && isStarting(state) && html`<div class="working"><${EngineLine} engine=${state.engine} retry=${session.retry} /></div>`}
    ${open && html`<${DepthsView} blocks=${blocks} growing=${growing} drawing=${drawing} state=${state} session=${session} visitHistory=${visitHistory} />`}
    ${(shown === 'loading' || growing || !ready) && !open && html`<${Skeleton} key=${growing ? JSON.stringify([head?.answer, head?.warnings.length]) : ''} />`}
    ${shown === 'empty' && !written && !state.problems.length && html`<p class="empty">The answer will stand here.</p>`}
  </main>`;
}

/** Warnings that change what the answer means stand first; those of how it was read stand below it. */
const FIRST = ['not-covered', 'unsure', 'raises', 'wrong-backward', 'undefined', 'claim-unread'];
const ASIDE = ['repaired', 'unseeded', 'filled'];

const byMeaning = (one: Caution, other: Caution) =>
  Number(FIRST.includes(other.code)) - Number(FIRST.includes(one.code));

const caution = ({ code, message }: Caution) =>
  html`<div class="note" data-tone="warning" data-code=${code}><p><${Prose} text=${message} /></p></div>`;

/**
 * What it is about, what failed or changes the meaning, and the sentence that answers. While the answer grows they have
 * their room already, so that nothing moves when it is done.
 */
function Head({
  head,
  blocks,
  growing,
  state,
  session,
}: {
  head: import('../generated/types').Head | NablaDocument | null;
  blocks: NablaDocument['blocks'];
  growing: boolean;
  state: State;
  session: Session;
}) {
  const roomy = useRoom(growing && blocks.length > 0, state.document);
  const failed = checksOf(blocks).filter(({ verdict }) => verdict === 'failed');
  return html`<header class="answer-head">
    ${head?.title ? html`<h1><${Prose} text=${head.title} /></h1>` : html`<span class="bar wide" aria-hidden="true"></span>`}
  </header>
  ${failed.map(({ claim, method }) => html`<div class="note" data-tone="fault" data-code="failed"><p><strong>A check failed:</strong> <${Prose} text=${claim} /> (<${Prose} text=${method} />)</p></div>`)}
  ${head?.warnings
    .filter(({ code }) => !ASIDE.includes(code))
    .sort(byMeaning)
    .map(caution)}
  ${
    head?.answer && !(growing && state.progress)
      ? html`<${FirstLine} sentence=${head.answer} doubted=${failed.length > 0} roomy=${roomy} apply=${session.apply} />`
      : growing &&
        html`<div class="sentence" data-roomy>${state.progress ? html`<${ProgressView} progress=${state.progress} />` : isStarting(state) && html`<${EngineLine} engine=${state.engine} retry=${session.retry} />`}</div>`
  }
  ${head?.warnings.filter(({ code }) => ASIDE.includes(code)).map(caution)}`;
}

const Working = ({
  session,
  state: { progress, pausable, paused },
}: {
  session: Session;
  state: State;
}) => html`<div class="working"><div>
  <p>${paused ? 'Paused' : 'Working…'}${progress?.done != null && html` <span class="share-done">${percent(progress.done)}</span>`}</p>
  ${pausable && html`<button type="button" onClick=${() => session.hold(!paused)}>${paused ? 'Resume' : 'Pause'}</button>`}
  <button type="button" onClick=${session.stop}>Stop <kbd>Esc</kbd></button>
</div></div>`;

/** Python, or SciPy, is on its way: how far stands where the sentence will, or over an answer that is there already. */
const isStarting = ({ busy, engine }: State) =>
  engine.phase === 'starting' ? busy : engine.phase === 'ready' && engine.stage !== null;

/** Whether the sentence keeps the room that it had while the answer grew, so that what stands below it does not move. */
function useRoom(grows: boolean, document: NablaDocument | null) {
  const grown = useRef(null as NablaDocument | 'growing' | null);
  if (grows) grown.current = 'growing';
  else if (grown.current === 'growing' && document) grown.current = document;
  return grows || (document !== null && grown.current === document);
}

/** How far long work is. */
const ProgressView = ({ progress: { text, done } }: { progress: Progress }) => html`<div class="progress">
  <p><span><${Prose} text=${text} /></span>${done !== null && html`<span>${percent(done)}</span>`}</p>
  <progress aria-label=${plainProse(text)} ...${done === null ? {} : { max: 1, value: done }}></progress>
</div>`;

const percent = (share: number) => `${Math.round(100 * share)} %`;

/** The shape of an answer, so that nothing jumps when it comes: drawn anew below a head that has grown. */
const Skeleton = () => html`<div class="skeleton" aria-hidden="true">
  <span class="bar formula-bar"></span><span class="bar"></span><span class="bar short"></span>
  <span class="bar"></span><span class="bar plot-bar"></span>
</div>`;

const Problems = ({
  problems,
}: {
  problems: string[];
}) => html`<aside class="note" data-tone="warning" id="problems" role="alert">
  ${problems.map((problem) => html`<p>${problem}</p>`)}
</aside>`;

function FaultCard({ fault, state, build }: { fault: Fault; state: State; build: Build }) {
  const report = [
    `Nabla ${build.version}`,
    `${state.lab.name} ${JSON.stringify(state.inputs)}`,
    navigator.userAgent,
    fault.message,
    fault.trace,
  ].join('\n\n');
  return html`<aside class="note" data-tone="fault" role="alert">
    <p><strong>This is a mistake of ours, not of yours.</strong> ${fault.message}</p>
    <details class="fold"><summary>Details</summary><pre class="trace" tabindex="0">${fault.trace}</pre></details>
    <p>A report with these details helps to mend it. <${CopyButton} text=${report} what="the report" label="Copy the report" /></p>
  </aside>`;
}
