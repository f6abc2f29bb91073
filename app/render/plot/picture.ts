/** A plot as a picture that stands by itself: its own colours, on light ground, with title, legend and labels. */

import type { Axis, Plot } from '../../generated/types';
import { proseText as plain } from '../formula/tex_text.ts';
import { formatNumber } from '../number.ts';
import { colourBars } from './colours.ts';
import type { Frame } from './geometry.ts';
import { arrowColour, dashes, everyMark, frame, isSurface, paint, ranges } from './geometry.ts';
import { addMoving, drawPlot } from './live.ts';
import { colourScale, coloursAt } from './surroundings.ts';
import { svgNode } from './svg_node.ts';

export type Moment = { time: number; view: { x: [number, number]; y: [number, number] } | null };

const WIDTH = 760;
const LEAST_WIDTH = 400;
/** The width of a scale of colours. */
const BAR = 120;
const MARGIN = 16;
const LINE = 20;
/** How many pixels of a PNG stand for one of the drawing. */
const SHARP = 2;
const FONT = 'system-ui, "Helvetica Neue", Arial, sans-serif';
const KEPT = [
  'fill', 'fill-opacity', 'stroke', 'stroke-opacity', 'stroke-width', 'stroke-dasharray', 'stroke-linejoin',
  'stroke-linecap', 'opacity', 'font-size', 'text-anchor', 'color',
]; // biome-ignore format: a list

export const plotSvg = async (plot: Plot, moment: Moment) => svgTextOf(standing(plot, moment));

export const plotPng = (plot: Plot, moment: Moment) => pngOf(standing(plot, moment));

export const svgTextOf = (svg: SVGSVGElement) => new XMLSerializer().serializeToString(svg);

export async function pngOf(svg: SVGSVGElement): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svgTextOf(svg)], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = SHARP * Number(svg.getAttribute('width'));
    canvas.height = SHARP * Number(svg.getAttribute('height'));
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture is too large'))), 'image/png'),
    );
  } finally {
    URL.revokeObjectURL(address);
  }
}

function standing(plot: Plot, { time, view }: Moment) {
  const stage = document.createElement('div');
  stage.className = 'picture-stage';
  stage.style.colorScheme = 'light';
  document.body.append(stage);
  try {
    const home = ranges(plot);
    const size = frame(WIDTH, home, plot.equal);
    const layout = { frame: size, range: view ?? home, zoomed: view !== null };
    const drawn = drawPlot(plot, layout, { scale: colourScale(plot, coloursAt(stage)) });
    const picture = surrounded(plot, drawn.svg, size);
    stage.append(picture);
    addMoving(plot, drawn).show(time);
    resolve(picture);
    return picture;
  } finally {
    stage.remove();
  }
}

function surrounded(plot: Plot, svg: SVGSVGElement, size: Frame) {
  const picture = svgNode('svg', { xmlns: 'http://www.w3.org/2000/svg' }) as SVGSVGElement;
  const ground = svgNode('rect', { width: '100%', height: '100%', fill: 'var(--paper)' });
  picture.append(ground);
  // Equal units may leave room at the right.
  const wide = Math.max(LEAST_WIDTH, size.width - size.right + MARGIN);
  let y = MARGIN;
  const down = () => {
    y += LINE;
    return y;
  };
  const write = (words: string, attributes: Record<string, string | number>) => {
    const node = svgNode('text', { fill: 'var(--ink)', 'font-size': 13, ...attributes });
    node.textContent = words;
    picture.append(node);
    return node;
  };
  if (plot.title) write(plain(plot.title), { x: MARGIN, y: down() - 5, 'font-size': 15 });
  y = legend(plot, picture, write, wide, y);
  const soft = { fill: 'var(--soft)' };
  const [across, up] = [labelOf(plot.x), labelOf(plot.y)];
  if (up) write(up, { x: MARGIN, y: down() - 6, ...soft });
  svg.setAttribute('x', String(MARGIN));
  svg.setAttribute('y', String(y));
  picture.append(svg);
  y += size.height;
  if (across) write(across, { x: MARGIN + size.width - size.right, y: down() - 6, 'text-anchor': 'end', ...soft });
  const [width, height] = [wide + 2 * MARGIN, y + MARGIN];
  for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` })) {
    picture.setAttribute(name, String(value));
  }
  return picture;
}

/** The legend, its rows as wide as the picture; how far down it reaches. */
function legend(
  plot: Plot,
  picture: Element,
  write: (words: string, attributes: Record<string, string | number>) => Element,
  wide: number,
  top: number,
) {
  let [x, y] = [wide, top];
  const room = (length: number) => {
    if (x > MARGIN && x + length > wide) [x, y] = [MARGIN, y + LINE];
    x += length;
    return x - length;
  };
  for (const { label, low, high, colours, stepped } of colourBars(plot)) {
    const [name, from, to] = [plain(label), formatNumber(low, 3), formatNumber(high, 3)];
    const widths = [name, from, to].map((words) => (words ? widthOf(words) + 8 : 0));
    const [first = 0, second = 0, third = 0] = widths;
    const at = room(first + second + BAR + third + 20);
    if (name) write(name, { x: at, y: y - 5 });
    write(from, { x: at + first, y: y - 5, fill: 'var(--soft)' });
    const shown = stepped ? colours : blended(colours, 24);
    shown.forEach((fill, i) => {
      const width = BAR / shown.length;
      picture.append(
        svgNode('rect', { x: at + first + second + i * width, y: y - 15, width: width + 0.5, height: 11, fill }),
      );
    });
    write(to, { x: at + first + second + BAR + 8, y: y - 5, fill: 'var(--soft)' });
  }
  const marks = everyMark(plot).filter((mark) => mark.label && !isSurface(mark));
  for (const [name, mark] of new Map(marks.map((mark) => [plain(mark.label), mark]))) {
    const at = room(46 + widthOf(name));
    const own = 'color' in mark ? paint(mark.color) : 'var(--soft)';
    const colour = mark.mark === 'vectors' ? arrowColour(mark, everyMark(plot).some(isSurface)) : own;
    const isDashed = mark.mark === 'rule' || ('dash' in mark && mark.dash);
    const dash =
      'color' in mark && mark.mark !== 'dots'
        ? (dashes({ color: mark.color, dash: isDashed }).strokeDasharray ?? 'none')
        : 'none';
    picture.append(
      svgNode('path', { d: `M${at} ${y - 9}h20`, stroke: colour, 'stroke-width': 2.5, 'stroke-dasharray': dash }),
    );
    write(name, { x: at + 26, y: y - 5 });
  }
  return y;
}

/** How wide words are in the size of a legend. */
function widthOf(words: string) {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return 7 * words.length;
  context.font = `13px ${FONT}`;
  return context.measureText(words).width;
}

/** Colours that run into each other, as so many of one colour each. */
function blended(colours: string[], count: number) {
  return Array.from({ length: count }, (_, i) => {
    const place = (i / (count - 1)) * (colours.length - 1);
    const low = Math.min(colours.length - 2, Math.floor(place));
    return `color-mix(in lab, ${colours[low + 1]} ${Math.round(100 * (place - low))}%, ${colours[low]})`;
  });
}

const labelOf = ({ label, unit }: Axis) => [plain(label), unit && `(${unit})`].filter(Boolean).join(' ');

/** Mixed colours as programs know them that draw SVG. */
function written(value: string) {
  if (!/^(oklab|oklch|lab|lch|color)\(/.test(value)) return value;
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!context) return value;
  context.fillStyle = value;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
}

/** Every colour written out, and what is not to be seen left out. */
export function resolve(picture: SVGSVGElement) {
  for (const node of [...picture.querySelectorAll('[display=none], .cross, .handle')]) node.remove();
  for (const node of picture.querySelectorAll('*')) {
    if (node.closest('defs, clipPath')) continue;
    const style = getComputedStyle(node);
    for (const name of KEPT) {
      const value = style.getPropertyValue(name);
      if (value) node.setAttribute(name, written(value));
    }
    for (const name of ['class', 'aria-hidden', 'role', 'aria-label', 'style']) node.removeAttribute(name);
  }
  picture.setAttribute('font-family', FONT);
}
