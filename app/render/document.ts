/** A document, block by block, each by the renderer of its kind. */

import type { Block, Heading } from '../generated/types';
import { html } from '../page/html.ts';
import { memo } from '../page/memo.ts';
import type { Actions } from './actions';
import { CheckView } from './check.ts';
import { CheckHelp } from './check_help.ts';
import { CodeView } from './code.ts';
import { useDrawQueue } from './draw_queue.ts';
import { MathView } from './formula/math.ts';
import { Prose } from './formula/prose.ts';
import { GraphView } from './graph/graph.ts';
import { NoteView } from './note.ts';
import { PlotView } from './plot/plot.ts';
import { StepsView } from './steps.ts';
import { TableView } from './table.ts';
import { useClocks } from './timeline_bar.ts';

const HeadingView = ({ block }: { block: Heading }) =>
  block.level === 2 ? html`<h3><${Prose} text=${block.text} /></h3>` : html`<h4><${Prose} text=${block.text} /></h4>`;

const ProseView = ({ block }: { block: import('../generated/types').Prose }) =>
  html`<p><${Prose} text=${block.text} /></p>`;

/** A kind that only a newer page knows is shown by whatever text it has. */
const UnknownView = ({ block }: { block: any }) =>
  html`<p class="unknown">${block.summary ?? block.text ?? `A ${block.kind}, which this version of the page cannot draw.`}</p>`;

const VIEWS: Record<string, any> = {
  heading: HeadingView,
  prose: ProseView,
  math: MathView,
  steps: StepsView,
  table: TableView,
  plot: PlotView,
  graph: GraphView,
  code: CodeView,
  note: NoteView,
};

/** Blocks are drawn again only when they change, so folds, tabs and scroll positions stay as the reader left them. */
const BlockView = memo((props: { block: Block; apply: Actions['apply'] }) => {
  const View = VIEWS[props.block.kind] ?? UnknownView;
  const ours = useDrawQueue();
  return html`<section class="block" data-kind=${props.block.kind} data-later=${ours ? undefined : 'true'}>${ours && html`<${View} ...${props} />`}</section>`;
});

/** A list of checks, which waits for its turn as other blocks do. */
function ChecksView({ checks }: { checks: any[] }) {
  const ours = useDrawQueue();
  return html`<div class="checks-group" data-later=${ours ? undefined : 'true'}>
    ${
      ours &&
      html`<ul class="checks">${checks.map((check) => html`<${CheckView} block=${check} />`)}</ul>
      <${CheckHelp} checks=${checks} />`
    }
  </div>`;
}

type Shown = { blocks: Block[]; apply: Actions['apply'] };

export const Blocks = (shown: Shown) => html`<${SomeBlocks} ...${shown} clockOf=${useClocks(shown.blocks)} />`;

/** A part of an answer, whose plots move with those of its other parts; the first that moves has the control. */
export function SomeBlocks({
  blocks,
  apply,
  clockOf,
}: Shown & {
  clockOf: ReturnType<typeof useClocks>;
}) {
  const leading = new Map<unknown, Block>();
  for (const block of blocks) {
    const clock = clockOf(block);
    if (clock && !leading.has(clock)) leading.set(clock, block);
  }
  const moves = (block: Block) => {
    const clock = clockOf(block);
    return clock ? { clock, leads: leading.get(clock) === block } : {};
  };
  const draw = (block: Block, i: number) =>
    html`<${BlockView} key=${`${i} ${block.kind}`} block=${block} apply=${apply} ...${moves(block)} />`;
  return html`${grouped(blocks).map((group, i) => {
    const [first] = group;
    if (first?.kind === 'check') return html`<${ChecksView} key=${`${i} checks`} checks=${group} />`;
    return group.length > 1
      ? html`<div class="side-by-side" key=${`${i} maps`}>${group.map(draw)}</div>`
      : group.map((block) => draw(block, i));
  })}`;
}

/** Maps of a plane can be compared side by side. */
const isMap = (block: Block) => block.kind === 'plot' && block.equal;

/** Checks that follow one another make one list, maps one gallery. */
function grouped(blocks: Block[]) {
  const groups: Block[][] = [];
  for (const block of blocks) {
    const last = groups.at(-1);
    const before = last?.[0];
    const joins = before && ((block.kind === 'check' && before.kind === 'check') || (isMap(block) && isMap(before)));
    if (last && joins) last.push(block);
    else groups.push([block]);
  }
  return groups;
}
