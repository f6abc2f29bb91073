/**
 * What a plot says at a point: the values of its marks there, and the input that placing a point sets. No DOM.
 *
 * @typedef {import('../../generated/types').Plot} Plot
 * @typedef {import('../../generated/types').Mark} Mark
 * @typedef {import('./geometry.js').Range} Range
 * @typedef {{x: number, y: number}} Point
 * @typedef {{label: string, text: string, color: number | null}} Row
 */

import { formatNumber } from '../number.js';
import { countUntil, frameAt } from '../timeline.js';
import { interpolate, roundStep, snapped } from './geometry.js';

/** Points are read when they are so near, in pixels. */
const NEAR = 16;
/** With more curves than this, only those near the point are listed. */
const MANY = 8;
const DIGITS = 5;

/** The marks that are to be seen at a time. @param {Plot} plot @param {number} time @returns {Mark[]} */
const marksAt = (plot, time) => [...plot.marks, ...(plot.frames?.[frameAt(plot.frames, time)]?.marks ?? [])];

/**
 * The values at a point.
 * @param {Plot} plot
 * @param {Point} at in the units of the axes
 * @param {(point: Point) => Point} pixel
 * @param {number} [time]
 * @returns {Row[]}
 */
export function readAt(plot, at, pixel, time = Number.POSITIVE_INFINITY) {
  const marks = marksAt(plot, time);
  const field = marks.some(({ mark }) => mark === 'raster' || mark === 'contour' || mark === 'vectors');
  const onlyNear = field || marks.filter(({ mark }) => mark === 'line').length > MANY;
  const here = pixel(at);
  /** @param {Point} point */
  const distance = (point) => {
    const there = pixel(point);
    return Math.hypot(there.x - here.x, there.y - here.y);
  };
  return marks.flatMap((mark) => {
    const text = told(mark, at, distance, onlyNear, time);
    return text ? [{ label: mark.label, text, color: 'color' in mark ? mark.color : null }] : [];
  });
}

/**
 * @param {Mark} mark
 * @param {Point} at
 * @param {(point: Point) => number} distance in pixels from the point
 * @param {boolean} onlyNear
 * @param {number} time
 * @returns {string} empty when there is nothing to tell
 */
function told(mark, at, distance, onlyNear, time) {
  const number = (/** @type {number} */ value) => formatNumber(value, DIGITS);
  switch (mark.mark) {
    case 'raster':
    case 'contour': {
      const value = surfaceAt(mark, at.x, at.y);
      return Number.isNaN(value) ? '' : number(value);
    }
    case 'vectors': {
      const i = nearest(mark, distance, mark.x.length);
      if (i < 0) return '';
      const [u, v] = [Number(mark.u[i]), Number(mark.v[i])];
      return `(${number(u)}, ${number(v)}), length ${number(Math.hypot(u, v))}`;
    }
    case 'line': {
      const count = countUntil(mark.when ?? [], time);
      const shown = mark.when ? { x: mark.x.subarray(0, count), y: mark.y.subarray(0, count) } : mark;
      if (ascends(shown.x)) {
        const y = interpolate(shown.x, shown.y, at.x);
        return Number.isNaN(y) || (onlyNear && distance({ x: at.x, y }) > NEAR) ? '' : number(y);
      }
      return pointText(shown, distance, shown.x.length);
    }
    case 'dots':
    case 'path':
      return pointText(mark, distance, mark.when ? countUntil(mark.when, time) : mark.x.length);
    case 'bars': {
      const i = nearest(mark, ({ x }) => distance({ x, y: at.y }), mark.x.length);
      return i < 0 || distance({ x: Number(mark.x[i]), y: at.y }) > NEAR ? '' : number(Number(mark.y[i]));
    }
    case 'band': {
      const [low, high] = [interpolate(mark.x, mark.y1, at.x), interpolate(mark.x, mark.y2, at.x)];
      return Number.isNaN(low) || onlyNear ? '' : `${number(low)} to ${number(high)}`;
    }
    default:
      return '';
  }
}

/** @param {{x: Float64Array, y: Float64Array}} mark @param {(point: Point) => number} distance @param {number} count */
function pointText(mark, distance, count) {
  const i = nearest(mark, distance, count);
  const point = { x: Number(mark.x[i]), y: Number(mark.y[i]) };
  if (i < 0 || distance(point) > NEAR) return '';
  return `(${formatNumber(point.x, DIGITS)}, ${formatNumber(point.y, DIGITS)})`;
}

/** @param {{x: Float64Array, y: Float64Array}} mark @param {(point: Point) => number} distance @param {number} count */
function nearest({ x, y }, distance, count) {
  let [best, least] = [-1, Number.POSITIVE_INFINITY];
  for (let i = 0; i < count; i++) {
    const away = distance({ x: Number(x[i]), y: Number(y[i]) });
    if (away < least) [best, least] = [i, away];
  }
  return best;
}

/** @param {Float64Array} values */
function ascends(values) {
  for (let i = 1; i < values.length; i++) if (!(Number(values[i]) >= Number(values[i - 1]))) return false;
  return true;
}

/**
 * The height of a surface, linear between its samples; at its rim that of the nearest sample; NaN outside.
 * @param {{x: Float64Array, y: Float64Array, z: Float64Array}} surface
 * @param {number} x
 * @param {number} y
 */
export function surfaceAt(surface, x, y) {
  const [across, along] = [cellOf(surface.x, x), cellOf(surface.y, y)];
  if (!across || !along) return Number.NaN;
  const width = surface.x.length;
  /** @param {number} row */
  const inRow = (row) => {
    const [left, right] = [surface.z[row * width + across.low], surface.z[row * width + across.high]];
    return mixed(Number(left), Number(right), across.share);
  };
  return mixed(inRow(along.low), inRow(along.high), along.share);
}

/** @param {number} a @param {number} b @param {number} share */
const mixed = (a, b, share) => (share === 0 ? a : share === 1 ? b : a + share * (b - a));

/** The samples on both sides of a value, half a cell beyond the outermost included. @param {Float64Array} centres @param {number} value */
function cellOf(centres, value) {
  const last = centres.length - 1;
  if (last < 1) return null;
  const step = (Number(centres[last]) - Number(centres[0])) / last;
  const place = (value - Number(centres[0])) / step;
  if (!(place >= -0.5 && place <= last + 0.5)) return null;
  const low = Math.max(0, Math.min(last - 1, Math.floor(place)));
  return { low, high: low + 1, share: Math.max(0, Math.min(1, place - low)) };
}

/**
 * A value of an axis with as many digits as a pixel tells apart.
 * @param {number} value
 * @param {Range} range
 * @param {number} pixels
 * @param {'linear' | 'log'} scale
 */
export const roundedTo = (value, range, pixels, scale) =>
  scale === 'log' ? Number(value.toPrecision(3)) : snapped(value, roundStep((range[1] - range[0]) / pixels));

/**
 * The input that placing a point sets.
 * @param {string} template
 * @param {Point} point
 * @param {string} value the text of the input now
 */
export function placedInput(template, { x, y }, value) {
  const filled = template.replaceAll(/\{(x|y|value)\}/g, (_, name) =>
    String({ x, y, value: value.trim() }[/** @type {'x'} */ (name)]),
  );
  // Where there is nothing yet, nothing has to be parted from it.
  return value.trim() ? filled : filled.replace(/^[\s;,]+|[\s;,]+$/g, '');
}
