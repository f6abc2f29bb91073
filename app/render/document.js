/** A document, block by block, each by the renderer of its kind. */

import { html } from '../page/html.js';
import { memo } from '../page/memo.js';
import { CheckView } from './check.js';
import { CheckHelp } from './check_help.js';
import { CodeView } from './code.js';
import { MathView } from './formula/math.js';
import { Prose } from './formula/prose.js';
import { GraphView } from './graph/graph.js';
import { NoteView } from './note.js';
import { PlotView } from './plot/plot.js';
import { StepsView } from './steps.js';
import { TableView } from './table.js';
import { useClocks } from './timeline_bar.js';
import { useTurn } from './turns.js';

/** @typedef {import('../generated/types').Block} Block */
/** @typedef {import('../generated/types').Check} Check */

/** @typedef {import('./actions').Actions} Actions */

const HeadingView = (/** @type {{block: import('../generated/types').Heading}} */ { block }) =>
  block.level === 2 ? html`<h3><${Prose} text=${block.text} /></h3>` : html`<h4><${Prose} text=${block.text} /></h4>`;

const ProseView = (/** @type {{block: import('../generated/types').Prose}} */ { block }) =>
  html`<p><${Prose} text=${block.text} /></p>`;

/** A kind that only a newer page knows is shown by whatever text it has. */
const UnknownView = (/** @type {{block: any}} */ { block }) =>
  html`<p class="unknown">${block.summary ?? block.text ?? `A ${block.kind}, which this version of the page cannot draw.`}</p>`;

/** @type {Record<string, any>} */
const VIEWS = {
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
const BlockView = memo((/** @type {{block: Block, apply: Actions['apply']}} */ props) => {
  const View = VIEWS[props.block.kind] ?? UnknownView;
  const ours = useTurn();
  return html`<section class="block" data-kind=${props.block.kind} data-later=${ours ? undefined : 'true'}>${ours && html`<${View} ...${props} />`}</section>`;
});

/** A list of checks, which waits for its turn as other blocks do. @param {{checks: any[]}} props */
function ChecksView({ checks }) {
  const ours = useTurn();
  return html`<div class="checks-group" data-later=${ours ? undefined : 'true'}>
    ${
      ours &&
      html`<ul class="checks">${checks.map((check) => html`<${CheckView} block=${check} />`)}</ul>
      <${CheckHelp} checks=${checks} />`
    }
  </div>`;
}

/** @param {{blocks: Block[], apply: Actions['apply']}} props */
export function Blocks({ blocks, apply }) {
  const moves = useClocks(blocks);
  const draw = (/** @type {Block} */ block, /** @type {number} */ i) =>
    html`<${BlockView} key=${`${i} ${block.kind}`} block=${block} apply=${apply} ...${moves(block)} />`;
  return html`${grouped(blocks).map((group, i) => {
    const [first] = group;
    if (first?.kind === 'check') return html`<${ChecksView} key=${`${i} checks`} checks=${group} />`;
    return group.length > 1
      ? html`<div class="side-by-side" key=${`${i} maps`}>${group.map(draw)}</div>`
      : group.map((block) => draw(block, i));
  })}`;
}

/** Maps of a plane can be compared side by side. @param {Block} block */
const isMap = (block) => block.kind === 'plot' && block.equal;

/** Checks that follow one another make one list, maps one gallery. @param {Block[]} blocks */
function grouped(blocks) {
  /** @type {Block[][]} */
  const groups = [];
  for (const block of blocks) {
    const last = groups.at(-1);
    const before = last?.[0];
    const joins = before && ((block.kind === 'check' && before.kind === 'check') || (isMap(block) && isMap(before)));
    if (last && joins) last.push(block);
    else groups.push([block]);
  }
  return groups;
}
