/** The arithmetic of plots: ranges, sizes, handles. No DOM. */

import type { Contour, Handle, Mark, Plot, Raster, Vectors } from '../../generated/types';

export type Range = [number, number];

export type Scale = 'linear' | 'log';

export type Frame = { width: number; height: number; left: number; right: number; top: number; bottom: number };

/** The ranges of both axes: those asked for, else those of the data with a little air above and below. */
export function ranges(plot: Plot): { x: Range; y: Range } {
  const marks = everyMark(plot);
  const has = (...kinds: Mark['mark'][]) => marks.some((mark) => kinds.includes(mark.mark));
  const airX = has('vectors', 'bars') ? 0.05 : 0;
  const airY = has('raster', 'contour') && !has('vectors') ? 0 : 0.06;
  return {
    x: plot.x.domain ?? spread(marks.flatMap(extentX(plot.x.scale)), airX, plot.x.scale),
    y: plot.y.domain ?? spread(marks.flatMap(extentY(plot.y.scale)), airY, plot.y.scale),
  };
}

/** The marks that stay and those of every frame: nothing of a plot jumps while it moves. */
export const everyMark = (plot: Plot) => [...plot.marks, ...(plot.frames ?? []).flatMap(({ marks }) => marks)];

/** More cells than this along an axis are samples of something smooth. */
const CELLS = 64;

/** Whether the cells of a raster are things by themselves, counted by whole numbers, as weights are. */
export const hasCells = (mark: Mark): mark is Raster =>
  mark.mark === 'raster' && [mark.x, mark.y].every((axis) => axis.length <= CELLS && axis.every(Number.isInteger));

/** The whole numbers of a range, about `count` of them. */
export function wholes([low, high]: Range, count: number) {
  const step = Math.max(1, roundStep((high - low) / count));
  const first = Math.ceil(low / step) * step;
  return Array.from({ length: Math.floor((high - first) / step) + 1 }, (_, i) => first + i * step);
}

/** Where the outermost cells end, their samples in the middle. */
export function outer(centres: ArrayLike<number> & { at: (i: number) => number | undefined }): Range {
  const [first, last] = [Number(centres[0]), Number(centres.at(-1))];
  const half = centres.length > 1 ? (last - first) / (centres.length - 1) / 2 : 0.5;
  return [first - half, last + half];
}

/** A logarithm has no room for what is not positive. */
const floor = (scale: Scale) => (scale === 'log' ? Number.MIN_VALUE : Number.NEGATIVE_INFINITY);

const extentX =
  (scale: Scale): ((mark: Mark) => number[]) =>
  (mark) =>
    hasCells(mark) ? outer(mark.x) : extent(mark.x, floor(scale));

const extentY =
  (scale: Scale): ((mark: Mark) => number[]) =>
  (mark) => {
    const least = floor(scale);
    if (hasCells(mark)) return outer(mark.y);
    if (mark.mark === 'band') return [...extent(mark.y1, least), ...extent(mark.y2, least)];
    return mark.mark === 'bars' && least < 0 ? [0, ...extent(mark.y)] : extent(mark.y, least);
  };

/** Least and greatest finite value from `least` on, nothing when there is none. */
export function extent(values: ArrayLike<number>, least: number = Number.NEGATIVE_INFINITY) {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value) || value < least) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [];
}

function spread(values: number[], air: number, scale: Scale): Range {
  let [low, high] = (values.length ? extent(values) : [0, 1]) as Range;
  if (scale === 'log') return low < high ? [low, high] : [low / 10, high * 10];
  if (low === high) [low, high] = [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2];
  const margin = (high - low) * air;
  return [low - margin, high + margin];
}

/** The size of a plot in a column of `width` pixels; with `equal`, a unit is as long on both axes. */
export function frame(width: number, range: { x: Range; y: Range }, equal: boolean): Frame {
  const [left, right, top, bottom] = [46, 14, 8, 26];
  const across = width - left - right;
  if (!equal) return { width, height: clamp(Math.round(width * 0.58), 230, 400), left, right, top, bottom };
  const shape = (range.y[1] - range.y[0]) / (range.x[1] - range.x[0]);
  const high = Math.min(across * shape, 400);
  const wide = Math.min(across, high / shape);
  return { width, height: Math.round(high) + top + bottom, left, right: width - left - wide, top, bottom };
}

/** What hides everything beneath it. */
export const isSurface = (mark: Mark) => mark.mark === 'raster' || (mark.mark === 'contour' && mark.filled);

/** The values to which the colours of a plot's rasters belong, those of all its frames together. */
export function rasterScale(plot: Plot): { low: number; high: number; diverging: boolean } | null {
  const rasters = everyMark(plot).filter((mark) => mark.mark === 'raster');
  const [low, high] = extent(rasters.flatMap((mark) => [...extent(mark.z), ...(mark.range ?? [])]));
  if (low === undefined || high === undefined) return null;
  // A surface that is the same everywhere has the colour in the middle.
  const most = Math.max(-low, high) || 1;
  const spread = high > low ? 0 : Math.abs(high) || 1;
  const diverging = rasters.some((mark) => mark.diverging);
  return diverging ? { low: -most, high: most, diverging } : { low: low - spread, high: high + spread, diverging };
}

/** The contours that share their levels with one: those of all frames, so that a colour means the same in each. */
function contoursWith(plot: Plot, mark: Mark) {
  const framed = (plot.frames ?? []).flatMap(({ marks }) => marks);
  return (framed.includes(mark) ? framed : [mark]).filter((other) => other.mark === 'contour');
}

/** The least and the greatest value of a contour, or of all that share its levels. */
export const contourRange = (plot: Plot, mark: Mark) => extent(contoursWith(plot, mark).flatMap(({ z }) => extent(z)));

/** The levels of a contour; when it is filled, from its lowest value on, a band of one colour begins at each. */
export function contourLevels(plot: Plot, mark: Contour) {
  const [low = 0, high = 1] = contourRange(plot, mark);
  if (mark.levels.length) return mark.filled ? [low, ...mark.levels] : mark.levels;
  const even = Array.from({ length: 12 }, (_, i) => low + ((high - low) * i) / 12);
  return mark.filled ? even : even.slice(1);
}

/** A colour of the surface scale, 0 at its low end, 1 at its high one. */
export function shade(part: number) {
  const [from, to, share] = part < 0.5 ? ['low', 'mid', part * 2] : ['mid', 'high', part * 2 - 1];
  return `color-mix(in oklab, var(--${to}) ${Math.round(share * 100)}%, var(--${from}))`;
}

/** A colour of the palette. */
export const paint = (color: number) => `var(--p${color % 6})`;

/**
 * Arrows over a surface have the colour of ink: its own colours are of one family with the palette's first.
 * @param over whether they lie over a surface
 */
export const arrowColour = ({ color }: { color: number }, over: boolean = false) =>
  over && color === 0 ? 'var(--ink)' : paint(color);

/** After six curves the colours begin again, with strokes of another kind. */
export const DASHES = ['', '5 4', '1.5 3', '9 3 2 3'];

/** Which of the strokes a curve has. */
export function strokeOf({ dash = false, color }: { dash?: boolean; color: number }) {
  const round = Math.floor(color / 6);
  return Math.min(dash ? 1 + 2 * round : 2 * round, DASHES.length - 1);
}

export function dashes(mark: { dash?: boolean; color: number }) {
  const strokeDasharray = DASHES[strokeOf(mark)];
  return strokeDasharray ? { strokeDasharray } : {};
}

export const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(high, value));

/** The largest of 1, 2 and 5 times a power of ten that is not above `size`. */
export function roundStep(size: number) {
  const power = 10 ** Math.floor(Math.log10(size));
  const lead = size / power;
  return power * (lead >= 5 ? 5 : lead >= 2 ? 2 : 1);
}

/** `value` on a grid of `step`, written with as many decimals as the step has. */
export function snapped(value: number, step: number) {
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return Number((Math.round(value / step) * step).toFixed(Math.min(decimals, 15)));
}

/**
 * Arrows as lengths in pixels and angles in degrees clockwise from up: one scale for all, the longest as long as the
 * distance between neighbours; `longest` sets it for several plots at once.
 */
export function arrows({ x, u, v, longest: given }: Vectors, frame: Frame, range: { x: Range; y: Range }) {
  const across = (frame.width - frame.left - frame.right) / (range.x[1] - range.x[0]);
  const along = (frame.height - frame.top - frame.bottom) / (range.y[1] - range.y[0]);
  const lengths = Array.from(x, (_, i) => Math.hypot((u[i] ?? 0) * across, (v[i] ?? 0) * along));
  const longest = given
    ? given * Math.max(across, along)
    : lengths.reduce((most, length) => (length > most ? length : most), 0);
  const room = Math.sqrt(
    ((frame.width - frame.left - frame.right) * (frame.height - frame.top - frame.bottom)) / x.length,
  );
  const scale = longest > 0 ? room / longest : 0;
  return {
    lengths: lengths.map((length) => length * scale),
    angles: Array.from(x, (_, i) => (Math.atan2((u[i] ?? 0) * across, (v[i] ?? 0) * along) * 180) / Math.PI),
  };
}

/** The input that moving a handle to (x, y) sets. */
export const movedInput = (handle: Handle, x: number, y: number) =>
  handle.template.replaceAll('{x}', String(x)).replaceAll('{y}', String(y));

/** The height at x of the curve that passes nearest to the point (x0, y0), so that a handle follows its curve. */
export function heightOn(plot: Plot, x0: number, y0: number, x: number) {
  let best = { distance: Number.POSITIVE_INFINITY, y: y0 };
  for (const mark of plot.marks) {
    if (mark.mark !== 'line') continue;
    const distance = Math.abs(interpolate(mark.x, mark.y, x0) - y0);
    const y = interpolate(mark.x, mark.y, x);
    if (distance < best.distance && Number.isFinite(y)) best = { distance, y };
  }
  return best.y;
}

/** @param xs ascending */
export function interpolate(xs: ArrayLike<number>, ys: ArrayLike<number>, x: number) {
  for (let i = 1; i < xs.length; i++) {
    const [a, b] = [Number(xs[i - 1]), Number(xs[i])];
    if (a <= x && x <= b)
      return b === a ? Number(ys[i]) : Number(ys[i - 1]) + ((x - a) / (b - a)) * (Number(ys[i]) - Number(ys[i - 1]));
  }
  return Number.NaN;
}

/**
 * A part of an axis: `share` of `range` about `centre`, kept inside of `home`; null when it is all of it.
 * @param share below 1 it zooms in
 */
export function zoomed(range: Range, centre: number, share: number, home: Range, scale: Scale): Range | null {
  const { to, from } = straight(scale);
  const [low, high] = [to(range[0]), to(range[1])];
  const middle = to(centre);
  return kept(middle + (low - middle) * share, middle + (high - middle) * share, home, to, from);
}

/** An axis moved by a share of its length, kept inside of `home`. */
export function panned(range: Range, by: number, home: Range, scale: Scale): Range | null {
  const { to, from } = straight(scale);
  const [low, high] = [to(range[0]), to(range[1])];
  return kept(low + by * (high - low), high + by * (high - low), home, to, from);
}

/** Smaller parts than this of an axis show nothing that was computed. */
const LEAST = 1e-4;

function kept(
  low: number,
  high: number,
  home: Range,
  to: (value: number) => number,
  from: (value: number) => number,
): Range | null {
  const [first, last] = [to(home[0]), to(home[1])];
  const length = Math.max(high - low, LEAST * (last - first));
  if (length >= (last - first) * (1 - 1e-9)) return null;
  const start = clamp(low, first, last - length);
  return [from(start), from(start + length)];
}

/** What makes an axis straight. */
const straight = (scale: Scale) =>
  scale === 'log' ? { to: Math.log, from: Math.exp } : { to: (value: number) => value, from: (value: number) => value };
