/** What a plot says at a point: the values of its marks there, and the input that placing a point sets. No DOM. */

import type { Line, Mark, Plot } from '../../generated/types';
import { formatNumber } from '../number.ts';
import { countUntil, frameAt } from '../timeline.ts';
import type { Range } from './geometry.ts';
import { interpolate, roundStep, snapped } from './geometry.ts';

export type Point = { x: number; y: number };

export type Row = { label: string; text: string; mark: Mark };

/** Points are read when they are so near, in pixels. */
const NEAR = 16;
/** With more curves than this, only those near the point are listed. */
const MANY = 8;
const DIGITS = 5;

/** The marks that are to be seen at a time. */
const marksAt = (plot: Plot, time: number): Mark[] => [
  ...plot.marks,
  ...(plot.frames?.[frameAt(plot.frames, time)]?.marks ?? []),
];

/**
 * The values at a point.
 * @param at in the units of the axes
 */
export function readAt(
  plot: Plot,
  at: Point,
  pixel: (point: Point) => Point,
  time: number = Number.POSITIVE_INFINITY,
): Row[] {
  const marks = marksAt(plot, time);
  const field = marks.some(({ mark }) => mark === 'raster' || mark === 'contour' || mark === 'vectors');
  const onlyNear = field || marks.filter(({ mark }) => mark === 'line').length > MANY;
  const here = pixel(at);
  const distance = (point: Point) => {
    const there = pixel(point);
    return Math.hypot(there.x - here.x, there.y - here.y);
  };
  return marks.flatMap((mark) => {
    const text = told(mark, at, distance, onlyNear, time);
    return text ? [{ label: mark.label, text, mark }] : [];
  });
}

/** The points of the curves of y over x at one x, each with its mark. */
export function pointsAt(plot: Plot, x: number, time: number = Number.POSITIVE_INFINITY): { y: number; mark: Mark }[] {
  return marksAt(plot, time).flatMap((mark) => {
    const y = mark.mark === 'line' ? heightAt(mark, x, time) : Number.NaN;
    return Number.isNaN(y) ? [] : [{ y, mark }];
  });
}

/** The height of a curve of y over x, as far as it has grown; NaN for other curves, and where it has none. */
function heightAt(mark: Line, x: number, time: number) {
  const shown = grown(mark, time);
  return ascends(shown.x) ? interpolate(shown.x, shown.y, x) : Number.NaN;
}

function grown({ x, y, when }: Line, time: number) {
  const count = when ? countUntil(when, time) : x.length;
  return when ? { x: x.subarray(0, count), y: y.subarray(0, count) } : { x, y };
}

/**
 * @param distance in pixels from the point
 * @returns empty when there is nothing to tell
 */
function told(mark: Mark, at: Point, distance: (point: Point) => number, onlyNear: boolean, time: number): string {
  const number = (value: number) => formatNumber(value, DIGITS);
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
      const shown = grown(mark, time);
      if (ascends(shown.x)) {
        const y = heightAt(mark, at.x, time);
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

function pointText(mark: { x: Float64Array; y: Float64Array }, distance: (point: Point) => number, count: number) {
  const i = nearest(mark, distance, count);
  const point = { x: Number(mark.x[i]), y: Number(mark.y[i]) };
  if (i < 0 || distance(point) > NEAR) return '';
  return `(${formatNumber(point.x, DIGITS)}, ${formatNumber(point.y, DIGITS)})`;
}

function nearest({ x, y }: { x: Float64Array; y: Float64Array }, distance: (point: Point) => number, count: number) {
  let [best, least] = [-1, Number.POSITIVE_INFINITY];
  for (let i = 0; i < count; i++) {
    const away = distance({ x: Number(x[i]), y: Number(y[i]) });
    if (away < least) [best, least] = [i, away];
  }
  return best;
}

function ascends(values: Float64Array) {
  for (let i = 1; i < values.length; i++) if (!(Number(values[i]) >= Number(values[i - 1]))) return false;
  return true;
}

/** The height of a surface, linear between its samples; at its rim that of the nearest sample; NaN outside. */
export function surfaceAt(surface: { x: Float64Array; y: Float64Array; z: Float64Array }, x: number, y: number) {
  const [across, along] = [cellOf(surface.x, x), cellOf(surface.y, y)];
  if (!across || !along) return Number.NaN;
  const width = surface.x.length;
  const inRow = (row: number) => {
    const [left, right] = [surface.z[row * width + across.low], surface.z[row * width + across.high]];
    return mixed(Number(left), Number(right), across.share);
  };
  return mixed(inRow(along.low), inRow(along.high), along.share);
}

const mixed = (a: number, b: number, share: number) => (share === 0 ? a : share === 1 ? b : a + share * (b - a));

/** The samples on both sides of a value, half a cell beyond the outermost included. */
function cellOf(centres: Float64Array, value: number) {
  const last = centres.length - 1;
  if (last < 1) return null;
  const step = (Number(centres[last]) - Number(centres[0])) / last;
  const place = (value - Number(centres[0])) / step;
  if (!(place >= -0.5 && place <= last + 0.5)) return null;
  const low = Math.max(0, Math.min(last - 1, Math.floor(place)));
  return { low, high: low + 1, share: Math.max(0, Math.min(1, place - low)) };
}

/** A value of an axis with as many digits as a pixel tells apart. */
export const roundedTo = (value: number, range: Range, pixels: number, scale: 'linear' | 'log') =>
  scale === 'log' ? Number(value.toPrecision(3)) : snapped(value, roundStep((range[1] - range[0]) / pixels));

/**
 * The input that placing a point sets.
 * @param value the text of the input now
 */
export function placedInput(template: string, { x, y }: Point, value: string) {
  const filled = template.replaceAll(/\{(x|y|value)\}/g, (_, name) =>
    String({ x, y, value: value.trim() }[name as 'x']),
  );
  // Where there is nothing yet, nothing has to be parted from it.
  return value.trim() ? filled : filled.replace(/^[\s;,]+|[\s;,]+$/g, '');
}
