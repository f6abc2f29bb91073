/** Pictures of a question: a small one for the gallery, and a card of 1200 × 630 for previews of links. */

import './dom.ts';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { scale } from '@observablehq/plot';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { decodeDocument } from '../../app/engine/protocol.ts';
import type { Plot } from '../../app/generated/types';
import { texText } from '../../app/render/formula/tex_text.ts';
import { type Frame, ranges } from '../../app/render/plot/geometry.ts';
import { addMoving, drawPlot } from '../../app/render/plot/live.ts';
import { colourScale } from '../../app/render/plot/surroundings.ts';
import { svgNode } from '../../app/render/plot/svg_node.ts';
import type { Answer } from './answer.ts';

type Colours = Record<string, string>;

const [WIDE, HIGH] = [240, 150];
const [CARD_WIDE, CARD_HIGH] = [1200, 630];
/** Lines and points of a thumbnail are drawn for a plot so much larger. */
const SMALLER = 1.5;
const PADDING = 6;
/** Samples of a surface along an axis, points of a curve, arrows along an axis: more are not seen in a small picture. */
const [CELLS, POINTS, ARROWS] = [32, 400, 12];
/** Room for a box with a name in it. */
const [LEAST_WIDE, LEAST_HIGH] = [30, 45];
const NUMBER = /^-?\d[\d.]*$/;
const SHORT = 24;
const SIGN = 'M1.5 4h29L16.6 30h-1.7L1.5 4Zm5.2 3 9.6 18.9L25.9 7H6.7Z';
const INK = '#7f8fae';
/** White on it can be read. */
const BOX = '#4a6fb8';

/** Mid tones, which can be told from a light page and from a dark one. */
const MIDDLE: Colours = {
  '--p0': '#5b83d0', '--p1': '#d9724a', '--p2': '#4fa37c', '--p3': '#a873c4', '--p4': '#c49a34', '--p5': '#6ba0ae',
  '--low': '#c9c4b4', '--mid': '#8a9ab1', '--high': '#4a6fae', '--cold': '#6a8bcb', '--paper': '#c9c4b4', '--warm': '#dc8463',
  '--ink': '#7f8fae', '--soft': '#9a958a', '--axis': '#9a958a',
}; // biome-ignore format: a table
const LIGHT: Colours = {
  '--p0': '#2f5aa8', '--p1': '#c4532b', '--p2': '#2f7d5b', '--p3': '#8a4fa3', '--p4': '#a87a12', '--p5': '#4c7f8c',
  '--low': '#f3eddd', '--mid': '#a0bbd5', '--high': '#3c649e', '--cold': '#6a8bcb', '--paper': '#fdfcf9', '--warm': '#dc8463',
  '--ink': '#1e1d1a', '--soft': '#676257', '--axis': '#b9b3a5',
}; // biome-ignore format: a table

const mixed = (from: string, to: string, share: number): string =>
  scale({ color: { type: 'linear', interpolate: 'lab', domain: [0, 1], range: [from, to] } })?.apply(share);

/** The colours of a drawing written out. */
function painted(svg: string, colours: Colours) {
  return svg
    .replace(/color-mix\(in oklab, var\((--\w+)\) (\d+)%, var\((--\w+)\)\)/g, (_, to, share, from) =>
      mixed(colours[from] ?? '', colours[to] ?? '', Number(share) / 100),
    )
    .replace(/var\((--\w+)\)/g, (_, name) => colours[name] ?? 'none')
    .replace(/-?\d+\.\d{2,}(?!e|[^"]*base64)/g, (number) => String(Math.round(10 * Number(number)) / 10));
}

/** The first plot of an answer, without its axes; null where it has none. */
function firstPlot(answer: Answer, width: number, height: number, colours: Colours): SVGSVGElement | null {
  const first = decodeDocument(answer).blocks.find((block) => block.kind === 'plot');
  if (!first) return null;
  const plot = thinned(first);
  const range = ranges(plot);
  const drawn = drawPlot(
    plot,
    { frame: frameOf(plot, width, height, range), range, bare: true },
    { scale: colourScale(plot, (name) => colours[name] ?? '') },
  );
  addMoving(plot, drawn).show(plot.frames?.[plot.frames.length >> 1]?.at ?? Number.POSITIVE_INFINITY);
  // Cells of one colour each weigh less than what runs into each other.
  for (const image of drawn.svg.querySelectorAll('image')) image.setAttribute('image-rendering', 'optimizeSpeed');
  drawn.svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  drawn.svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  for (const name of ['class', 'width', 'height']) drawn.svg.removeAttribute(name);
  return drawn.svg;
}

/** All of the picture, but for a little room; with units that are equally long the rest of it too. */
function frameOf({ equal }: Plot, width: number, height: number, { x, y }: ReturnType<typeof ranges>): Frame {
  const [across, along] = [width - 2 * PADDING, height - 2 * PADDING];
  const scale = Math.min(across / (x[1] - x[0]), along / (y[1] - y[0]));
  const beside = equal ? PADDING + (across - scale * (x[1] - x[0])) / 2 : PADDING;
  const above = equal ? PADDING + (along - scale * (y[1] - y[0])) / 2 : PADDING;
  return { width, height, left: beside, right: beside, top: above, bottom: above };
}

/** A plot with as many samples as a small picture shows. */
function thinned(plot: Plot): Plot {
  return {
    ...plot,
    marks: plot.marks.map(fewer),
    frames: plot.frames?.map((frame) => ({ ...frame, marks: frame.marks.map(fewer) })),
  };
}

function fewer(mark: Plot['marks'][number]): Plot['marks'][number] {
  if (mark.mark === 'raster' || mark.mark === 'contour') {
    const [columns, rows] = [spread(mark.x.length, CELLS), spread(mark.y.length, CELLS)];
    const z = Float64Array.from(
      rows.flatMap((row) => columns.map((column) => Number(mark.z[row * mark.x.length + column]))),
    );
    return { ...mark, x: taken(mark.x, columns), y: taken(mark.y, rows), z };
  }
  const places =
    mark.mark === 'vectors' ? gridded(mark) : spread(mark.x.length, mark.mark === 'dots' ? POINTS / 2 : POINTS);
  const arrays = Object.entries(mark).filter(([, value]) => value instanceof Float64Array && mark.mark !== 'rule');
  return {
    ...mark,
    ...Object.fromEntries(arrays.map(([name, values]) => [name, taken(values as Float64Array, places)])),
  };
}

/** The places of arrows on a grid, so many of its rows and columns. */
function gridded({ x, y }: { x: Float64Array; y: Float64Array }) {
  const [across, along] = [x, y].map((axis) => {
    const lines = [...new Set(axis)];
    return new Set(spread(lines.length, ARROWS).map((i) => lines[i]));
  });
  return [...x.keys()].filter((i) => across?.has(x[i]) && along?.has(y[i]));
}

/** At most so many places, the first and the last among them. */
function spread(length: number, most: number) {
  const count = Math.min(length, most);
  return Array.from({ length: count }, (_, i) => (count > 1 ? Math.round((i * (length - 1)) / (count - 1)) : 0));
}

const taken = (values: Float64Array, places: number[]) => Float64Array.from(places, (place) => Number(values[place]));

function drawing(width: number, height: number, ...parts: Element[]) {
  const svg = svgNode('svg', { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}` });
  svg.append(...parts);
  return svg;
}

function words(text: string, attributes: Record<string, string | number>) {
  const node = svgNode('text', { 'text-anchor': 'middle', ...attributes });
  node.textContent = text;
  return node;
}

/** The first plot of the answer, else its graph, else the formula it is about, as a small SVG. */
export function thumbnail(answer: Answer) {
  const graph = answer.blocks.find(({ kind }) => kind === 'graph');
  const picture =
    firstPlot(answer, SMALLER * WIDE, SMALLER * HIGH, MIDDLE) ??
    drawing(WIDE, HIGH, ...(graph ? graphParts(graph) : formulaParts(answer)));
  return painted(picture.outerHTML, { ...MIDDLE, '--paper': 'none' });
}

/** What was understood, as it is typed: large when it is short, else as many lines as there is room for. */
function formulaParts({ blocks }: Answer) {
  const text: string = blocks.find(({ kind }) => kind === 'math')?.text ?? '';
  if (text.length <= SHORT) {
    const size = Math.min(26, 420 / Math.max(text.length, 1));
    const style = { 'font-size': size, 'font-family': 'serif', 'font-style': 'italic', fill: INK };
    return [words(text, { x: WIDE / 2, y: HIGH / 2 + 7, ...style })];
  }
  const style = { 'font-size': 9.5, 'font-family': 'monospace', fill: INK };
  return wrapped(text, 38)
    .slice(0, 10)
    .map((line, i) => words(line, { x: WIDE / 2, y: 19 + 13.5 * i, ...style }));
}

interface GraphNode {
  id: string;
  tex: string;
  value: string;
  label: string;
  adjoint: string;
}

/** The graph in layers, inputs at the left. */
function graphParts({ nodes, edges }: { nodes: GraphNode[]; edges: { source: string; target: string }[] }) {
  const depths = new Map(nodes.map(({ id }) => [id, 0]));
  for (const _ of nodes) {
    for (const { source, target } of edges) {
      const next = Math.min(Number(depths.get(source)) + 1, nodes.length);
      depths.set(target, Math.max(Number(depths.get(target)), next));
    }
  }
  const layers = Object.values(Object.groupBy(nodes, ({ id }) => Number(depths.get(id)))).map((layer) => layer ?? []);
  const wide = WIDE / layers.length;
  const high = (HIGH - 12) / Math.max(...layers.map(({ length }) => length));
  const places = new Map(
    layers.flatMap((layer, depth) =>
      layer.map(({ id }, i) => [id, { x: wide * (depth + 0.5), y: ((HIGH - 12) * (i + 0.5)) / layer.length }] as const),
    ),
  );
  const at = (id: string) => places.get(id) ?? { x: 0, y: 0 };
  const d = edges
    .map(({ source, target }) => `M${at(source).x} ${at(source).y}L${at(target).x} ${at(target).y}`)
    .join('');
  const lines = svgNode('path', { d, stroke: 'var(--axis)', 'stroke-width': 1.5, fill: 'none' });
  const small = wide < LEAST_WIDE || high < LEAST_HIGH;
  return [
    lines,
    ...nodes.flatMap((node) => {
      const { x, y } = at(node.id);
      if (small) return [svgNode('circle', { cx: x, cy: y, r: 6, fill: 'var(--p0)' })];
      return nodeParts(node, x, y, Math.min(wide - 8, 44));
    }),
  ];
}

/** Its name over its value in a box, and under the box its adjoint; of arrays only their shape. */
function nodeParts({ tex, value, label, adjoint }: GraphNode, x: number, y: number, width: number) {
  const name = texText(tex.replace(/ = .*/s, ''));
  const shown = NUMBER.test(value) ? value : (label.split(',')[0] ?? '').replaceAll(' ', '');
  const under = ['leaf', 'constant'].includes(shown) ? '' : shown;
  const parts = [
    svgNode('rect', { x: x - width / 2, y: y - 16, width, height: 32, rx: 5, fill: BOX }),
    words(name, {
      x,
      y: under ? y - 2 : y + 4,
      'font-size': Math.min(13, (1.7 * width) / Math.max(name.length, 1)),
      'font-family': 'serif',
      'font-style': 'italic',
      fill: '#ffffff',
    }),
  ];
  const small = { x, 'font-family': 'sans-serif' };
  if (under) {
    const size = Math.min(9.5, (1.6 * width) / under.length);
    parts.push(words(under, { ...small, y: y + 11, 'font-size': size, fill: '#ffffff' }));
  }
  if (NUMBER.test(adjoint)) parts.push(words(adjoint, { ...small, y: y + 29, 'font-size': 11, fill: 'var(--p1)' }));
  return parts;
}

/** The question beside its picture, for those who see the link before they follow it. */
export function card({ question, lab }: { question: string; lab: string }, answer: Answer) {
  const name = { x: 140, y: 100, 'font-family': 'KaTeX_Main', 'font-size': 40, 'text-anchor': 'start' };
  const sign = svgNode('g', { transform: 'translate(70 60) scale(1.6)', fill: '#24407c' });
  sign.append(svgNode('path', { d: SIGN, 'fill-rule': 'evenodd' }));
  const picture = firstPlot(answer, 460, 400, LIGHT);
  const lines = wrapped(question, picture ? 20 : 42);
  const size = lines.length <= 5 ? 56 : 46;
  const svg = drawing(
    CARD_WIDE,
    CARD_HIGH,
    svgNode('rect', { width: '100%', height: '100%', fill: '#fdfcf9' }),
    svgNode('rect', { width: 14, height: '100%', fill: '#24407c' }),
    sign,
    words('Nabla', { ...name, fill: '#1e1d1a', 'font-weight': 'bold' }),
    words(lab, { ...name, x: 280, fill: '#676257' }),
    ...lines.map((line, i) =>
      words(line, {
        ...name,
        x: 70,
        y: 220 + i * Math.round(1.25 * size),
        'font-size': size,
        'font-weight': 'bold',
        fill: '#1e1d1a',
      }),
    ),
  );
  if (picture) {
    const spot = svgNode('g', { transform: 'translate(690 130)' });
    for (const [key, value] of Object.entries({ width: 460, height: 400 })) picture.setAttribute(key, String(value));
    spot.append(picture);
    svg.append(spot);
  }
  for (const [key, value] of Object.entries({ width: CARD_WIDE, height: CARD_HIGH }))
    svg.setAttribute(key, String(value));
  return painted(svg.outerHTML, LIGHT);
}

/** A text in lines of at most so many letters, broken between words where that can be. */
function wrapped(text: string, most: number) {
  const lines = [''];
  for (const word of text
    .trim()
    .split(/\s+/)
    .flatMap((word) => word.match(new RegExp(`.{1,${most}}`, 'gu')) ?? [])) {
    const last = lines.at(-1) ?? '';
    if (last && last.length + 1 + word.length > most) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}

/** SVG as PNG files; the fonts are KaTeX's. */
export async function pngs(pictures: { svg: string; path: string }[]) {
  const packages = new URL('../../node_modules/', import.meta.url);
  await initWasm(readFileSync(new URL('@resvg/resvg-wasm/index_bg.wasm', packages)));
  const fontBuffers = ['Main-Regular', 'Main-Bold', 'Typewriter-Regular'].map((name) =>
    readFileSync(fileURLToPath(new URL(`katex/dist/fonts/KaTeX_${name}.ttf`, packages))),
  );
  for (const { svg, path } of pictures) {
    writeFileSync(path, new Resvg(svg, { font: { fontBuffers, defaultFontFamily: 'KaTeX_Main' } }).render().asPng());
  }
}
