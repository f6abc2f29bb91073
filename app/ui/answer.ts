/** The answer: what is known, what is under way, and what went wrong, in one place. */

import type { Build } from '../engine/protocol.ts';
import type { NablaDocument, Progress } from '../generated/types';
import { CopyButton } from '../page/copy.ts';
import { html } from '../page/html.ts';
import { Blocks } from '../render/document.ts';
import { Prose } from '../render/formula/prose.ts';
import { plainProse } from '../render/formula/prose_parse.ts';
import type { Session } from '../visit/session.ts';
import type { Fault, State } from '../visit/state.ts';
import { answerState } from '../visit/state.ts';
import { ExportMenu } from './export.ts';
import { ShareButton } from './share.ts';
import { Understood } from './understood.ts';

export function Answer({ state, session, build }: { state: State; session: Session; build: Build }) {
  const shown = answerState(state);
  // Until there is more to show, the last answer stays; where there is none, how far the work is stands alone.
  const growing = state.partial.length > 0 || (state.progress !== null && !state.document);
  const { document } = state;
  return html`<main id="answer" tabindex="-1" data-state=${shown} aria-busy=${state.busy} aria-label="Answer">
    ${state.problems.length > 0 && html`<${Problems} problems=${state.problems} />`}
    ${state.fault && html`<${FaultCard} fault=${state.fault} state=${state} build=${build} />`}
    ${state.busy && state.slow && state.engine.phase === 'ready' && html`<${Working} session=${session} state=${state} />`}
    ${document && !growing && state.lab === session.asking && html`<${Understood} document=${document} session=${session} text=${state.answered?.q ?? ''} />`}
    ${(growing || document || shown === 'loading') && html`<${Head} head=${growing ? state.head : document} growing=${growing || !document} state=${state} session=${session} />`}
    <div class="blocks" data-growing=${growing}><${Blocks} blocks=${growing ? state.partial : (document?.blocks ?? [])} apply=${session.apply} /></div>
    ${shown === 'loading' && !state.partial.length && html`<${Skeleton} />`}
    ${shown === 'empty' && !state.problems.length && html`<p class="empty">The answer will stand here.</p>`}
    ${shown === 'error' && !document && state.error && html`<p class="empty">There is no answer to this yet.</p>`}
  </main>`;
}

/**
 * Title, tools, warnings and the sentence that answers. While the answer grows they have their room already, so that nothing moves when it is done.
 */
const Head = ({
  head,
  growing,
  state,
  session,
}: {
  head: import('../generated/types').Head | NablaDocument | null;
  growing: boolean;
  state: State;
  session: Session;
}) => html`<header class="answer-head">
    ${head?.title ? html`<h2><${Prose} text=${head.title} /></h2>` : html`<span class="bar wide" aria-hidden="true"></span>`}
    <div class="tools" inert=${growing}>
      <${ShareButton} state=${state} session=${session} />
      <${ExportMenu} state=${state} session=${session} />
    </div>
    ${growing && state.progress && html`<${ProgressView} progress=${state.progress} />`}
  </header>
  ${head?.warnings.map((warning) => html`<div class="note" data-tone="warning" data-code=${warning.code}><p><${Prose} text=${warning.message} /></p></div>`)}
  ${head?.answer && html`<p class="sentence"><${Prose} text=${head.answer.tex} /></p>`}`;

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

/** How far long work is. */
const ProgressView = ({ progress: { text, done } }: { progress: Progress }) => html`<div class="progress">
  <p><span><${Prose} text=${text} /></span>${done !== null && html`<span>${percent(done)}</span>`}</p>
  <progress aria-label=${plainProse(text)} ...${done === null ? {} : { max: 1, value: done }}></progress>
</div>`;

const percent = (share: number) => `${Math.round(100 * share)} %`;

/** The shape of an answer, so that nothing jumps when it comes. */
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
