/** A graph as a picture that stands by itself, from the board as it is laid out: light, its formulas as text. */

import { texText } from '../formula/tex_text.ts';
import { pngOf, resolve, svgTextOf } from '../plot/picture.ts';
import { svgNode } from '../plot/svg_node.ts';

const MARGIN = 12;
const SIZE = 13;
const LINE = 18;
/** How wide a letter is, about, in sizes of the letters. */
const LETTER = 0.56;

export const graphSvg = (board: HTMLElement) => svgTextOf(standing(board));

export const graphPng = (board: HTMLElement) => pngOf(standing(board));

/** The board as it is laid out, as a drawing; its colours are called as in the style sheet. */
export function boardDrawing(board: HTMLElement) {
  const [width, height] = [board.offsetWidth + 2 * MARGIN, board.offsetHeight + 2 * MARGIN];
  const picture = svgNode('svg', {
    xmlns: 'http://www.w3.org/2000/svg',
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
  }) as SVGSVGElement;
  const drawn = svgNode('g', { transform: `translate(${MARGIN} ${MARGIN})` });
  picture.append(drawn);
  for (const group of find(board, '.graph-group')) {
    const box = boxOf(group);
    drawn.append(
      svgNode('rect', { ...box, rx: 6, fill: 'none', stroke: 'var(--line)' }),
      label(words(group), box.x + 8, box.y + 14, { fill: 'var(--soft)' }),
    );
  }
  const edges = (board.querySelector('svg:has(.edge)')?.cloneNode(true) ?? null) as SVGElement | null;
  for (const path of edges?.querySelectorAll('path') ?? []) {
    path.setAttribute('fill', 'none');
    path.setAttribute('stroke', 'var(--axis)');
    path.setAttribute('stroke-width', '1.5');
  }
  if (edges) drawn.append(...edges.childNodes);
  for (const node of find(board, '.graph-node')) drawn.append(...nodeOf(node));
  for (const edge of find(board, '.graph-edge')) {
    const { x, y } = corner(edge);
    drawn.append(label(words(edge), x, y + edge.offsetHeight / 2 + 4, { 'font-size': 11, fill: 'var(--soft)' }));
  }
  return picture;
}

function standing(board: HTMLElement) {
  const picture = boardDrawing(board);
  picture.prepend(svgNode('rect', { width: '100%', height: '100%', fill: 'var(--paper)' }));
  const stage = document.createElement('div');
  stage.className = 'picture-stage';
  stage.style.colorScheme = 'light';
  stage.append(picture);
  document.body.append(stage);
  try {
    resolve(picture);
    // What stands in definitions is no part of the page, so its colour is that of the edges.
    const colour = picture.querySelector('.edge, g > path')?.getAttribute('stroke') ?? '#888';
    for (const tip of picture.querySelectorAll('marker path')) tip.setAttribute('stroke', colour);
  } finally {
    stage.remove();
  }
  return picture;
}

const find = (board: HTMLElement, what: string) => board.querySelectorAll(what) as NodeListOf<HTMLElement>;

/** Nodes and labels stand around the point that they are given. */
const corner = (node: HTMLElement) => ({
  x: Number.parseFloat(node.style.left) - node.offsetWidth / 2,
  y: Number.parseFloat(node.style.top) - node.offsetHeight / 2,
});

const boxOf = ({ style }: HTMLElement) => ({
  x: Number.parseFloat(style.left),
  y: Number.parseFloat(style.top),
  width: Number.parseFloat(style.width),
  height: Number.parseFloat(style.height),
});

/** A node: its frame, and its lines in the middle. */
function nodeOf(node: HTMLElement) {
  const { x, y } = corner(node);
  const [width, height] = [node.offsetWidth, node.offsetHeight];
  const frame = svgNode('rect', { x, y, width, height, rx: 6, fill: 'var(--paper)', stroke: 'var(--edge)' });
  const lines = linesOf(node);
  const top = y + height / 2 - (LINE * (lines.length - 1)) / 2 + 4.5;
  return [
    frame,
    ...lines.map(({ text, soft, accent }, i) => {
      const size = Math.min(i === 0 ? SIZE + 1 : SIZE - 1, (width - 8) / (LETTER * Math.max(1, text.length)));
      const fill = accent ? 'var(--p1)' : soft ? 'var(--soft)' : 'var(--ink)';
      return label(text, x + width / 2, top + i * LINE, { 'text-anchor': 'middle', 'font-size': size, fill });
    }),
  ];
}

/** What stands in a node, line by line. */
export function linesOf(node: HTMLElement) {
  const parts = [...node.children].flatMap((child) =>
    child.classList.contains('graph-values') ? [...child.children] : [child],
  );
  return parts
    .map((part) => ({
      text: words(part),
      soft: part.matches('.graph-label, .graph-detail'),
      accent: part.matches('.graph-adjoint'),
    }))
    .filter(({ text }) => text);
}

/** What an element says, its formulas in signs. */
function words(node: Node): string {
  if (node instanceof HTMLElement && node.dataset.tex !== undefined) return texText(node.dataset.tex);
  if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? '';
  return [...node.childNodes].map(words).join('').trim();
}

function label(text: string, x: number, y: number, attributes: Record<string, string | number>) {
  const node = svgNode('text', { x, y, 'font-size': SIZE - 1, ...attributes });
  node.textContent = text;
  return node;
}
