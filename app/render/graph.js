/** A graph: nodes as real formulas, placed by dagre over the drawing of the edges. */

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { html } from '../ui/html.js';
import { Tex } from './math.js';
import { Prose } from './prose.js';
import { plainProse } from './prose_parse.js';

/**
 * @typedef {import('../generated/types').Graph} Graph
 * @typedef {{x: number, y: number}} Point
 * @typedef {{width: number, height: number, nodes: Record<string, Point>, edges: {points: Point[], label: Point}[]}} Placed
 */

/** @param {{block: Graph}} props */
export function GraphView({ block }) {
  const board = useRef(/** @type {HTMLElement | null} */ (null));
  const [placed, setPlaced] = useState(/** @type {Placed | null} */ (null));
  const [failure, setFailure] = useState('');
  useLayoutEffect(() => {
    let current = true;
    setPlaced(null);
    import('@dagrejs/dagre').then(
      (dagre) => current && board.current && setPlaced(place(dagre, block, board.current)),
      (error) => current && setFailure(`The graph could not be laid out: ${error.message}`),
    );
    return () => {
      current = false;
    };
  }, [block]);
  const size = placed ? { width: `${placed.width}px`, height: `${placed.height}px` } : { minHeight: '12rem' };
  return html`<figure class="graph">
    ${block.title && html`<p class="label"><${Prose} text=${block.title} /></p>`}
    <div class="graph-scroll" tabindex="0" role="group" aria-label=${plainProse(block.summary)}>
      <div class="board" data-placed=${Boolean(placed)} ref=${board} style=${size}>
        ${placed && html`<${Edges} placed=${placed} />`}
        ${block.nodes.map(
          (
            node,
          ) => html`<div class="graph-node" data-id=${node.id} data-group=${node.group} style=${at(placed?.nodes[node.id])}>
          <${Tex} tex=${node.tex} />
          ${node.label && html`<span class="graph-label"><${Prose} text=${node.label} /></span>`}
          ${node.detail.map((line) => html`<span class="graph-detail"><${Prose} text=${line} /></span>`)}
        </div>`,
        )}
        ${block.edges.map((edge, i) => edge.tex && html`<div class="graph-edge" style=${at(placed?.edges[i]?.label)}><${Tex} tex=${edge.tex} /></div>`)}
      </div>
    </div>
    ${failure && html`<p>${failure}</p>`}
    <figcaption><${Prose} text=${block.summary} /></figcaption>
  </figure>`;
}

/** @param {Point | undefined} point */
const at = (point) => (point ? { left: `${point.x}px`, top: `${point.y}px` } : {});

/** @param {{placed: Placed}} props */
function Edges({ placed }) {
  return html`<svg width=${placed.width} height=${placed.height} aria-hidden="true">
    <defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
      <path d="M0 0.5 L8 4 L0 7.5" /></marker></defs>
    ${placed.edges.map(({ points }) => html`<path class="edge" d=${curve(points)} marker-end="url(#arrow)" />`)}
  </svg>`;
}

/** Dagre's points joined smoothly: each inner point bends the line, the middles between them lie on it. @param {Point[]} points */
function curve(points) {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (!first || !last) return '';
  const bends = rest.slice(0, -1).map((point, i) => {
    const next = /** @type {Point} */ (rest[i + 1]);
    const end = next === last ? last : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${point.x} ${point.y} ${end.x} ${end.y}`;
  });
  return `M${first.x} ${first.y} ${bends.length ? bends.join(' ') : `L${last.x} ${last.y}`}`;
}

/** @param {typeof import('@dagrejs/dagre')} dagre @param {Graph} block @param {HTMLElement} board @returns {Placed} */
function place(dagre, block, board) {
  const graph = new dagre.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 22, ranksep: 44, marginx: 6, marginy: 6 });
  const nodes = board.querySelectorAll('.graph-node');
  block.nodes.forEach((node, i) => {
    const box = /** @type {HTMLElement} */ (nodes[i]);
    graph.setNode(node.id, { width: box.offsetWidth, height: box.offsetHeight });
  });
  const labels = [...board.querySelectorAll('.graph-edge')];
  block.edges.forEach((edge, i) => {
    const box = /** @type {HTMLElement | undefined} */ (edge.tex ? labels.shift() : undefined);
    graph.setEdge(
      edge.source,
      edge.target,
      { width: box?.offsetWidth ?? 0, height: box?.offsetHeight ?? 0, labelpos: 'c' },
      String(i),
    );
  });
  dagre.layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    nodes: Object.fromEntries(block.nodes.map((node) => [node.id, graph.node(node.id)])),
    edges: block.edges.map((edge, i) => {
      const { points = [], x = 0, y = 0 } = graph.edge({ v: edge.source, w: edge.target, name: String(i) });
      return { points, label: { x, y } };
    }),
  };
}
