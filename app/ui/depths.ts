/** The answer in three depths, one at a time: what answers, why it is so, what proves it. */

import { useId, useMemo, useRef, useState } from 'preact/hooks';
import type { Block } from '../generated/types';
import type { Depth } from '../page/depth.ts';
import { DEPTHS } from '../page/depth.ts';
import { html } from '../page/html.ts';
import { checksOf, depthsOf, isLong } from '../render/depths.ts';
import { SomeBlocks } from '../render/document.ts';
import { Folded } from '../render/draw_queue.ts';
import { NOTHING_POINTED, PointedContext } from '../render/pointed.ts';
import { useClocks } from '../render/timeline_bar.ts';
import type { VisitHistory } from '../visit/history.ts';
import type { Session } from '../visit/session.ts';
import type { State } from '../visit/state.ts';
import { formOf } from '../visit/state.ts';
import { ExportMenu } from './export.ts';
import { ProgramLines } from './program_lines.ts';
import { ShareButton } from './share.ts';
import { Sliders } from './sliders.ts';
import { UndoBar } from './undo.ts';

const TITLES: Record<Depth, string> = { answer: 'Answer', why: 'Why', proof: 'Proof' };
/** So far, in pixels, a finger moves sideways to turn to the next depth. */
const SWIPE = 70;
/** What moves sideways by itself. */
const SIDEWAYS = '.formula.wide, .table, pre, .canvas, .graph-scroll, .tex.wide, input, textarea';

export function DepthsView({
  blocks,
  growing,
  drawing,
  state,
  session,
  visitHistory,
}: {
  blocks: Block[];
  growing: boolean;
  /** whether only its pictures are watched while it grows */
  drawing: boolean;
  state: State;
  session: Session;
  visitHistory?: VisitHistory | undefined;
}) {
  const id = useId();
  const depths = useMemo(() => depthsOf(blocks), [blocks]);
  const clockOf = useClocks(blocks);
  const inputs = formOf(state, session.labs, session.asking)?.inputs ?? {};
  const there = DEPTHS.filter((depth) => depth === 'answer' || depths[depth].length > 0);
  // An address may ask for a depth that this answer does not have.
  const now = there.includes(state.depth) || growing ? state.depth : 'answer';
  const turn = (by: number) => {
    const next = there[there.indexOf(now) + by];
    if (next) session.look(next);
    return next;
  };
  const onKey = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const next = turn(by);
    if (next) document.getElementById(`${id}-${next}`)?.focus();
  };
  const swipe = useSwipe(turn);
  const [pointed, point] = useState(NOTHING_POINTED);
  const graph = linkedGraph(blocks);
  return html`<${PointedContext.Provider} value=${{ pointed, point }}><div class="opened">
    <div class="depth-bar">
      <div role="tablist" aria-label="How far the answer is opened" onKeyDown=${onKey}>${there.map(
        (
          depth,
        ) => html`<button type="button" role="tab" id=${`${id}-${depth}`} aria-selected=${depth === now} aria-controls=${`${id}-${depth}-panel`}
          tabindex=${depth === now ? 0 : -1} onClick=${() => session.look(depth)}>${TITLES[depth]}</button>`,
      )}</div>
      <${Count} blocks=${blocks} open=${() => session.look('proof')} />
    </div>
    <div class="tools" inert=${growing}>
      ${visitHistory && html`<${UndoBar} visitHistory=${visitHistory} />`}
      <${ShareButton} state=${state} session=${session} />
      <${ExportMenu} state=${state} session=${session} />
    </div>
    <div class="depths" ...${swipe}>${there.map((depth) => {
      const sliders =
        depth === 'answer' && !growing && state.document?.answer
          ? html`<${Sliders} sentence=${state.document.answer} inputs=${inputs} apply=${session.apply} />`
          : null;
      const inside = { blocks: depths[depth], depth, growing, drawing, apply: session.apply, clockOf, sliders };
      return html`<div class="depth" role="tabpanel" id=${`${id}-${depth}-panel`} aria-labelledby=${`${id}-${depth}`}
        data-depth=${depth} hidden=${depth !== now}>
        <h2 class="unseen">${TITLES[depth]}</h2>
        <${Folded} now=${depth === now}><div class="look" data-linked=${(depth === 'why' && graph !== null && !growing) || undefined}>
          <${Panel} ...${inside} />
          ${
            // It is laid out by the sizes of its nodes, which it has only where it can be seen.
            depth === 'why' &&
            now === depth &&
            graph &&
            !growing &&
            html`<aside class="linked" aria-label="What the step is about">
              <${SomeBlocks} blocks=${[graph]} apply=${session.apply} clockOf=${clockOf} />
              <${ProgramLines} text=${inputs.code ?? ''} line=${pointed.line} />
            </aside>`
          }
        </div></${Folded}>
      </div>`;
    })}</div>
  </div></${PointedContext.Provider}>`;
}

/** The graph whose nodes steps are about: it stands beside them too. */
function linkedGraph(blocks: Block[]): Block | null {
  const linked = blocks.some((block) => block.kind === 'steps' && block.steps.some(({ node }) => node));
  return (linked && blocks.find(({ kind }) => kind === 'graph')) || null;
}

export const isPicture = ({ kind }: Block) => kind === 'plot' || kind === 'graph';

/** The first look has its pictures beside what answers; the other depths are one column. */
function Panel({
  blocks,
  depth,
  growing,
  drawing,
  apply,
  clockOf,
  sliders,
}: {
  blocks: Block[];
  depth: Depth;
  growing: boolean;
  drawing: boolean;
  apply: Session['apply'];
  clockOf: ReturnType<typeof useClocks>;
  /** what stands under the pictures */ sliders: any;
}) {
  const pictures = depth === 'answer' ? blocks.filter(isPicture) : [];
  const watched = drawing && depth === 'answer';
  const others = watched ? [] : blocks.filter((block) => !pictures.includes(block));
  const beside = (others.length === 0 && !watched) || pictures.length !== 1 || isLong(pictures[0]) ? undefined : true;
  return html`<div class="look" data-pictures=${beside}>
    ${
      pictures.length > 0 &&
      html`<div class="blocks pictures" data-growing=${growing}><${SomeBlocks} blocks=${pictures} apply=${apply} clockOf=${clockOf} />
      ${sliders}</div>`
    }
    ${watched && html`<div class="blocks to-come" aria-hidden="true"><span class="bar"></span><span class="bar short"></span></div>`}
    ${others.length > 0 && html`<div class="blocks" data-growing=${growing}><${SomeBlocks} blocks=${others} apply=${apply} clockOf=${clockOf} /></div>`}
  </div>`;
}

/** How many checks there are, and whether one of them failed; it leads to them. */
function Count({ blocks, open }: { blocks: Block[]; open: () => void }) {
  const checks = checksOf(blocks);
  if (checks.length === 0) return null;
  const count = (verdict: string) => checks.filter((check) => check.verdict === verdict).length;
  const [passed, failed, unchecked] = ['passed', 'failed', 'unchecked'].map(count) as [number, number, number];
  const words = (number: number) => html`${number}<span class="words"> check${number === 1 ? '' : 's'}</span>`;
  const verdict = failed ? 'failed' : passed ? 'passed' : 'unchecked';
  return html`<button type="button" class="quiet count" data-verdict=${verdict} onClick=${open}>${
    failed ? html`✗ ${words(failed)} failed` : passed ? html`✓ ${words(passed)}` : ''
  }${unchecked > 0 && html` ○ ${unchecked}<span class="words"> not checked</span>`}</button>`;
}

/** A finger that moves sideways turns to the next depth, where nothing under it moves sideways by itself. */
function useSwipe(turn: (by: number) => unknown) {
  const from = useRef(null as { x: number; y: number } | null);
  return {
    onTouchStart: (event: TouchEvent) => {
      const [touch] = event.touches;
      const alone = touch && event.touches.length === 1 && !(event.target as Element).closest(SIDEWAYS);
      from.current = alone ? { x: touch.clientX, y: touch.clientY } : null;
    },
    onTouchEnd: (event: TouchEvent) => {
      const [touch] = event.changedTouches;
      if (!from.current || !touch) return;
      const [dx, dy] = [touch.clientX - from.current.x, touch.clientY - from.current.y];
      from.current = null;
      if (Math.abs(dx) > SWIPE && Math.abs(dx) > 2 * Math.abs(dy)) turn(dx < 0 ? 1 : -1);
    },
  };
}
