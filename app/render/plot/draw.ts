/** A plot as an SVG, by Observable Plot. Loaded when the first plot is to be drawn. */

import type { Markish, ScaleOptions } from '@observablehq/plot';
import * as Plot from '@observablehq/plot';
import type { Bars, Contour, Mark, Path, Plot as PlotBlock, Vectors } from '../../generated/types';
import { tickText } from '../number.ts';
import type { Following } from './follow.ts';
import { addFollowing, followsHandle } from './follow.ts';
import type { Frame, Range } from './geometry.ts';
import {
  arrowColour,
  arrows,
  clamp,
  contourLevels,
  DASHES,
  dashes,
  everyMark,
  hasCells,
  isSurface,
  outer,
  paint,
  shade,
  wholes,
} from './geometry.ts';

/** `bare` of axes */
export type Layout = { frame: Frame; range: { x: Range; y: Range }; zoomed?: boolean; bare?: boolean };

export type Drawing = Layout & { halo: boolean; levels: (mark: Contour) => number[] };

export type Scale = { apply: (value: number) => number; invert: (pixel: number) => number };

export interface Drawn {
  svg: SVGSVGElement;
  x: Scale;
  y: Scale;
  layout: Layout;
  /** the places left for marks that grow with time, by their index; what is `inside` does not reach beyond the axes */
  moving: Map<number, { place: SVGGElement; inside: SVGGElement }>;
  /** what follows a point that is moved */
  following: Following | null;
  /** draws more marks: surfaces under, the rest over those that stay */
  drawFrame: (marks: Mark[]) => SVGGElement[];
}

/** @param colours the colour scale of the surfaces */
export function drawPlot(block: PlotBlock, shown: Layout, { scale }: { scale: ScaleOptions | null }): Drawn {
  const { frame, range } = shown;
  // Over colours of all kinds, what is thin needs a rim of the page's ground.
  const halo = everyMark(block).some(isSurface);
  const layout: Drawing = { ...shown, halo, levels: (mark) => contourLevels(block, mark) };
  const clip = `plot-frame-${++clips}`;
  const options = {
    className: 'figure',
    width: frame.width,
    height: frame.height,
    marginLeft: frame.left,
    marginRight: frame.right,
    marginTop: frame.top,
    marginBottom: frame.bottom,
    x: { domain: range.x, type: block.x.scale, label: null },
    y: { domain: range.y, type: block.y.scale, label: null },
    length: { type: 'identity' as const },
    ...(layout.bare ? { axis: null } : {}),
    ...(scale ? { color: scale } : {}),
  };
  const moving: Drawn['moving'] = new Map();
  const following: Map<number, SVGGElement> = new Map();
  const [under, over] = [group(), group()];
  const marks = block.marks.flatMap((mark, i) => {
    if (followsHandle(block, i)) {
      const place = group({ 'clip-path': `url(#${clip})` });
      following.set(i, place);
      return [() => place];
    }
    if (!(block.timeline && 'when' in mark && mark.when)) return drawMark(mark, layout);
    const [place, inside] = [group(), group({ 'clip-path': `url(#${clip})` })];
    place.append(inside);
    moving.set(i, { place, inside });
    return [() => place];
  });
  const figure = Plot.plot({
    ...options,
    marks: [...(layout.bare ? [] : axes(block, layout)), () => under, ...marks, () => over],
  });
  const svg = figure as SVGSVGElement;
  svg.prepend(clipPath(clip, frame));
  tidy(svg);
  const scales = { x: figure.scale('x') as Scale, y: figure.scale('y') as Scale };
  return {
    svg,
    layout,
    ...scales,
    moving,
    following: addFollowing(block, scales, following),
    drawFrame(marks) {
      const [x, y] = [
        { ...options.x, axis: null },
        { ...options.y, axis: null },
      ];
      const draw = (marks: Mark[]) => {
        const all = group();
        if (!marks.length) return all;
        const part = Plot.plot({ ...options, x, y, marks: marks.flatMap((mark) => drawMark(mark, layout)) });
        tidy(part);
        all.append(...part.childNodes);
        return all;
      };
      const [below, above] = [draw(marks.filter(isSurface)), draw(marks.filter((mark) => !isSurface(mark)))];
      under.append(below);
      over.append(above);
      return [below, above];
    },
  };
}

let clips = 0;

const group = (attributes: Record<string, string> = {}): SVGGElement => made('g', attributes);

function made(name: string, attributes: Record<string, string | number>): any {
  const node = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return node;
}

function clipPath(id: string, { left, top, right, bottom, width, height }: Frame) {
  const path = made('clipPath', { id });
  path.append(made('rect', { x: left, y: top, width: width - left - right, height: height - top - bottom }));
  return path;
}

function tidy(svg: Element) {
  // Plot brings its few rules in a style element, which the policy would refuse; they stand in style.css.
  for (const style of svg.querySelectorAll('style')) style.remove();
  // Screen readers get the plot as a whole, by its summary and its numbers, not stroke by stroke.
  for (const part of svg.children) part.setAttribute('aria-hidden', 'true');
  for (const part of svg.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
}

function axes(block: PlotBlock, { frame, range }: Drawing) {
  const zero = ([low, high]: Range) => (low <= 0 && high >= 0 ? [0] : []);
  const grid = { stroke: 'var(--grid)', strokeOpacity: 1 };
  const text = {
    tickSize: 0,
    tickPadding: 6,
    fontSize: 12,
    fill: 'var(--soft)',
    fontVariant: 'tabular-nums',
    tickFormat: tickText,
  };
  const whole = everyMark(block).some(hasCells);
  const ticks = (range: Range, count: number) => (whole ? wholes(range, count) : count);
  const ticksX = ticks(range.x, Math.round(frame.width / 90));
  const ticksY = ticks(range.y, Math.round(frame.height / 60));
  return [
    Plot.gridX({ ...grid, ticks: ticksX }),
    Plot.gridY({ ...grid, ticks: ticksY }),
    block.x.scale === 'linear' ? Plot.ruleX(zero(range.x), { stroke: 'var(--axis)' }) : null,
    block.y.scale === 'linear' ? Plot.ruleY(zero(range.y), { stroke: 'var(--axis)' }) : null,
    Plot.axisX({ ...text, anchor: 'bottom', label: null, ticks: ticksX }),
    Plot.axisY({ ...text, anchor: 'left', label: null, ticks: ticksY }),
  ];
}

/** Heights far outside the plot, brought near enough to be written as pixels. */
function near(heights: Float64Array, { range: { y } }: Drawing) {
  const far = 1000 * (y[1] - y[0]);
  return heights.map((height) => clamp(height, y[0] - far, y[1] + far));
}

function drawMark(mark: Mark, layout: Drawing): Markish[] {
  switch (mark.mark) {
    case 'line':
      return rimmed(layout, { stroke: paint(mark.color), ...LINE, ...dashes(mark) }, (style) =>
        Plot.line(rows(mark.x), { x: mark.x, y: near(mark.y, layout), ...style }),
      );
    case 'dots':
      return [
        Plot.dot(rows(mark.x), {
          x: mark.x,
          y: mark.y,
          fill: paint(mark.color),
          r: 3.5,
          stroke: 'var(--paper)',
          clip: layout.zoomed,
        }),
      ];
    case 'bars':
      return [bars(mark, layout)];
    case 'band':
      return [
        Plot.areaY(rows(mark.x), {
          x: mark.x,
          y1: near(mark.y1, layout),
          y2: near(mark.y2, layout),
          fill: paint(mark.color),
          fillOpacity: 0.16,
          clip: true,
        }),
      ];
    case 'contour':
      return contour(mark, layout.levels(mark));
    case 'raster':
      return [
        Plot.raster(mark.z, { ...grid(mark), clip: true, imageRendering: hasCells(mark) ? 'pixelated' : 'auto' }),
      ];
    case 'vectors':
      return rimmed(layout, { stroke: arrowColour(mark, layout.halo), strokeWidth: 1.4 }, (style) =>
        vectors(mark, layout, style),
      );
    case 'path':
      return path({ ...mark, y: near(mark.y, layout) }, layout);
    case 'rule':
      return [
        Plot.ruleX(mark.x, { stroke: paint(mark.color), strokeDasharray: DASHES[1], clip: layout.zoomed }),
        Plot.ruleY(mark.y, { stroke: paint(mark.color), strokeDasharray: DASHES[1], clip: layout.zoomed }),
      ];
  }
}

const LINE = { strokeWidth: 2, strokeLinejoin: 'round' as const, clip: true };

/** A mark of strokes, over a surface with a rim. */
function rimmed({ halo }: Drawing, style: { stroke: string; strokeWidth: number }, draw: (style: object) => Markish) {
  if (!halo) return [draw(style)];
  return [draw({ ...style, strokeDasharray: null, ...rim(style.strokeWidth) }), draw(style)];
}

const rim = (strokeWidth: number) => ({ stroke: 'var(--paper)', strokeWidth: strokeWidth + 2, strokeOpacity: 0.7 });

/** Plot wants rows; with a column for every channel only their number counts. */
const rows = (column: ArrayLike<number>) => ({ length: column.length });

function bars(mark: Bars, layout: Drawing) {
  const { frame, range } = layout;
  const between = (frame.width - frame.left - frame.right) / Math.max(1, mark.x.length);
  const foot = range.y[0] > 0 ? range.y[0] : 0;
  const strokeWidth = Math.max(1.5, Math.min(18, between * 0.7));
  return Plot.ruleX(rows(mark.x), {
    x: mark.x,
    y1: mark.y.map(() => foot),
    y2: near(mark.y, layout),
    stroke: paint(mark.color),
    strokeWidth,
    clip: true,
  });
}

function contour(mark: Contour, levels: number[]) {
  // The samples are a grid as it is; Plot would look for the nearest of them at each of its points.
  const place = { ...grid(mark), value: mark.z, interpolate: 'none' as const, clip: true };
  if (!mark.filled) {
    return [Plot.contour(rows(mark.z), { ...place, thresholds: levels, stroke: 'var(--soft)', strokeOpacity: 0.7 })];
  }
  // One colour a level, so that a valley with steep walls shows its floor; below the lowest level lies its ground.
  return levels.map((level, i) =>
    Plot.contour(rows(mark.z), { ...place, thresholds: [level], fill: shade(i / Math.max(1, levels.length - 1)) }),
  );
}

/** Samples stand in the middle of their cells. */
function grid({ x, y }: { x: Float64Array; y: Float64Array }) {
  const [x1, x2] = outer(x);
  const [y1, y2] = outer(y);
  return { width: x.length, height: y.length, x1, x2, y1, y2 };
}

function vectors(mark: Vectors, { frame, range }: Drawing, style: object) {
  const { lengths, angles } = arrows(mark, frame, range);
  return Plot.vector(rows(mark.x), {
    x: mark.x,
    y: mark.y,
    length: lengths,
    rotate: angles,
    anchor: 'middle',
    clip: true,
    ...style,
  });
}

function path(mark: Path, layout: Drawing) {
  const stroke = paint(mark.color);
  const lines = rimmed(layout, { stroke, ...LINE, strokeWidth: 1.5, ...dashes(mark) }, (style) =>
    Plot.line(rows(mark.x), { x: mark.x, y: mark.y, curve: 'linear', ...style }),
  );
  const step = Math.ceil(mark.x.length / 300);
  const shown = Uint32Array.from({ length: Math.ceil(mark.x.length / step) }, (_, i) => i * step);
  const dots = Plot.dot(shown, { x: (i) => mark.x[i], y: (i) => mark.y[i], fill: stroke, r: 2, clip: true });
  const ends = [0, mark.x.length - 1];
  const rings = Plot.dot(ends, {
    x: (i) => mark.x[i],
    y: (i) => mark.y[i],
    r: 4,
    stroke,
    strokeWidth: 1.5,
    fill: (i) => (i ? stroke : 'var(--paper)'),
    clip: true,
  });
  return [...lines, dots, mark.x.length ? rings : null];
}
