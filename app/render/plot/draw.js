/** A plot as an SVG, by Observable Plot. Loaded when the first plot is to be drawn. */

import * as Plot from '@observablehq/plot';
import { tickText } from '../number.js';
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
} from './geometry.js';

/**
 * @typedef {import('../../generated/types').Plot} PlotBlock
 * @typedef {import('../../generated/types').Mark} Mark
 * @typedef {import('./geometry.js').Frame} Frame
 * @typedef {import('./geometry.js').Range} Range
 * @typedef {{frame: Frame, range: {x: Range, y: Range}, zoomed?: boolean, bare?: boolean}} Layout `bare` of axes
 * @typedef {Layout & {halo: boolean, levels: (mark: import('../../generated/types').Contour) => number[]}} Drawing
 * @typedef {{apply: (value: number) => number, invert: (pixel: number) => number}} Scale
 *
 * @typedef {object} Drawn
 * @property {SVGSVGElement} svg
 * @property {Scale} x
 * @property {Scale} y
 * @property {Layout} layout
 * @property {Map<number, {place: SVGGElement, inside: SVGGElement}>} moving the places left for marks that grow with
 *   time, by their index; what is `inside` does not reach beyond the axes
 * @property {(marks: Mark[]) => SVGGElement[]} drawFrame draws more marks: surfaces under, the rest over those that stay
 */

/**
 * @param {PlotBlock} block
 * @param {Layout} shown
 * @param {{scale: import('@observablehq/plot').ScaleOptions | null}} colours the colour scale of the surfaces
 * @returns {Drawn}
 */
export function drawPlot(block, shown, { scale }) {
  const { frame, range } = shown;
  // Over colours of all kinds, what is thin needs a rim of the page's ground.
  const halo = everyMark(block).some(isSurface);
  /** @type {Drawing} */
  const layout = { ...shown, halo, levels: (mark) => contourLevels(block, mark) };
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
    length: { type: /** @type {const} */ ('identity') },
    ...(layout.bare ? { axis: null } : {}),
    ...(scale ? { color: scale } : {}),
  };
  /** @type {Drawn['moving']} */
  const moving = new Map();
  const [under, over] = [group(), group()];
  const marks = block.marks.flatMap((mark, i) => {
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
  const svg = /** @type {SVGSVGElement} */ (figure);
  svg.prepend(clipPath(clip, frame));
  tidy(svg);
  return {
    svg,
    layout,
    x: /** @type {Scale} */ (figure.scale('x')),
    y: /** @type {Scale} */ (figure.scale('y')),
    moving,
    drawFrame(marks) {
      const [x, y] = [
        { ...options.x, axis: null },
        { ...options.y, axis: null },
      ];
      /** @param {Mark[]} marks */
      const draw = (marks) => {
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

/** @param {Record<string, string>} [attributes] @returns {SVGGElement} */
const group = (attributes = {}) => made('g', attributes);

/** @param {string} name @param {Record<string, string | number>} attributes @returns {any} */
function made(name, attributes) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return node;
}

/** @param {string} id @param {Frame} frame */
function clipPath(id, { left, top, right, bottom, width, height }) {
  const path = made('clipPath', { id });
  path.append(made('rect', { x: left, y: top, width: width - left - right, height: height - top - bottom }));
  return path;
}

/** @param {Element} svg */
function tidy(svg) {
  // Plot brings its few rules in a style element, which the policy would refuse; they stand in style.css.
  for (const style of svg.querySelectorAll('style')) style.remove();
  // Screen readers get the plot as a whole, by its summary and its numbers, not stroke by stroke.
  for (const part of svg.children) part.setAttribute('aria-hidden', 'true');
  for (const part of svg.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
}

/** @param {PlotBlock} block @param {Drawing} layout */
function axes(block, { frame, range }) {
  /** @param {Range} range */
  const zero = ([low, high]) => (low <= 0 && high >= 0 ? [0] : []);
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
  /** @param {Range} range @param {number} count */
  const ticks = (range, count) => (whole ? wholes(range, count) : count);
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

/**
 * Heights far outside the plot, brought near enough to be written as pixels.
 * @param {Float64Array} heights
 * @param {Drawing} layout
 */
function near(heights, { range: { y } }) {
  const far = 1000 * (y[1] - y[0]);
  return heights.map((height) => clamp(height, y[0] - far, y[1] + far));
}

/** @param {Mark} mark @param {Drawing} layout @returns {import('@observablehq/plot').Markish[]} */
function drawMark(mark, layout) {
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

const LINE = { strokeWidth: 2, strokeLinejoin: /** @type {const} */ ('round'), clip: true };

/**
 * A mark of strokes, over a surface with a rim.
 * @param {Drawing} layout
 * @param {{stroke: string, strokeWidth: number}} style
 * @param {(style: object) => import('@observablehq/plot').Markish} draw
 */
function rimmed({ halo }, style, draw) {
  if (!halo) return [draw(style)];
  return [draw({ ...style, strokeDasharray: null, ...rim(style.strokeWidth) }), draw(style)];
}

/** @param {number} strokeWidth */
const rim = (strokeWidth) => ({ stroke: 'var(--paper)', strokeWidth: strokeWidth + 2, strokeOpacity: 0.7 });

/** Plot wants rows; with a column for every channel only their number counts. @param {ArrayLike<number>} column */
const rows = (column) => ({ length: column.length });

/** @param {import('../../generated/types').Bars} mark @param {Drawing} layout */
function bars(mark, layout) {
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

/** @param {import('../../generated/types').Contour} mark @param {number[]} levels */
function contour(mark, levels) {
  // The samples are a grid as it is; Plot would look for the nearest of them at each of its points.
  const place = { ...grid(mark), value: mark.z, interpolate: /** @type {const} */ ('none'), clip: true };
  if (!mark.filled) {
    return [Plot.contour(rows(mark.z), { ...place, thresholds: levels, stroke: 'var(--soft)', strokeOpacity: 0.7 })];
  }
  // One colour a level, so that a valley with steep walls shows its floor; below the lowest level lies its ground.
  return levels.map((level, i) =>
    Plot.contour(rows(mark.z), { ...place, thresholds: [level], fill: shade(i / Math.max(1, levels.length - 1)) }),
  );
}

/** Samples stand in the middle of their cells. @param {{x: Float64Array, y: Float64Array}} mark */
function grid({ x, y }) {
  const [x1, x2] = outer(x);
  const [y1, y2] = outer(y);
  return { width: x.length, height: y.length, x1, x2, y1, y2 };
}

/** @param {import('../../generated/types').Vectors} mark @param {Drawing} layout @param {object} style */
function vectors(mark, { frame, range }, style) {
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

/** @param {import('../../generated/types').Path} mark @param {Drawing} layout */
function path(mark, layout) {
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
