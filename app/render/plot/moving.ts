/**
 * What moves in a plot: curves that grow, points that come, frames one at a time. Drawn once; then each moment sets an
 * attribute or two, so that sixty of them fit in a second. Loaded with the first plot that has a timeline.
 */

import type { Line, Path, Plot } from '../../generated/types';
import type { Clock } from '../timeline.ts';
import { countUntil, frameAt } from '../timeline.ts';
import type { Drawn } from './draw.ts';
import type { Frame } from './geometry.ts';
import { clamp, dashes, everyMark, isSurface, paint } from './geometry.ts';
import { svgNode } from './svg_node.ts';

/** where points are on the page, and when they come */
export type Trail = { when: Float64Array; x: Float64Array; y: Float64Array };

/** Pixels further away than this are as good as this far away, and can be written. */
const FAR = 20_000;

/**
 * Fills the places that the drawing has left for what moves.
 * @returns `show` draws a moment; `prepare` draws one more
 *   frame for later, and says whether there is another
 */
export function addMoving(plot: Plot, drawn: Drawn): { show: (time: number) => void; prepare: () => boolean } {
  const halo = everyMark(plot).some(isSurface);
  const shows = [...drawn.moving].map(([index, places]) => {
    const mark = plot.marks[index];
    if (!mark || !('when' in mark) || !mark.when) return () => {};
    const trail = {
      when: mark.when,
      x: mark.x.map((value) => pixel(drawn.x.apply(value))),
      y: mark.y.map((value) => pixel(drawn.y.apply(value))),
    };
    if (mark.mark !== 'dots') return curve(trail, places, mark, { halo, frame: drawn.layout.frame });
    return dots(trail, drawn.layout.zoomed ? places.inside : places.place, mark.color);
  });
  const frames = framesOf(plot, drawn);
  return {
    show(time) {
      for (const show of shows) show(time);
      frames.show(frameAt(plot.frames ?? [], time));
    },
    prepare: frames.prepare,
  };
}

/**
 * Draw every moment of a clock, and the frames of later moments when there is nothing else to do.
 * @returns what ends it
 */
export function follow(moving: ReturnType<typeof addMoving>, clock: Clock): () => void {
  const show = () => moving.show(clock.time);
  show();
  const end = clock.subscribe(show);
  const idle = globalThis.requestIdleCallback ?? ((tell) => setTimeout(tell, 30));
  let ended = false;
  const prepare = () => {
    if (!ended && moving.prepare()) idle(prepare);
  };
  idle(prepare);
  return () => {
    ended = true;
    end();
  };
}

const pixel = (value: number) => (Number.isFinite(value) ? Math.round(clamp(value, -FAR, FAR) * 10) / 10 : Number.NaN);

/** A curve that grows, its head between two points while time is between them. */
function curve(
  trail: Trail,
  { place, inside }: { place: SVGGElement; inside: SVGGElement },
  mark: Line | Path,
  { halo, frame }: { halo: boolean; frame: Frame },
) {
  const colour = paint(mark.color);
  const isPath = mark.mark === 'path';
  const line = svgNode('path', {
    fill: 'none',
    stroke: colour,
    'stroke-width': isPath ? 1.5 : 2,
    'stroke-linejoin': 'round',
    'stroke-dasharray': dashes(mark).strokeDasharray ?? 'none',
  });
  const rim = halo
    ? svgNode('path', { fill: 'none', stroke: 'var(--paper)', 'stroke-width': 3.5, 'stroke-opacity': 0.7 })
    : null;
  if (rim) inside.append(rim);
  inside.append(line);
  const grown = ascending(trail.when) ? prefixes(trail, 'L') : null;
  const points = isPath ? pointsPath(inside, colour, 4) : null;
  const marked = isPath && grown ? prefixes(trail, '') : null;
  const first = firstPoint(trail);
  if (isPath && first >= 0) {
    const [cx, cy] = [Number(trail.x[first]), Number(trail.y[first])];
    inside.append(svgNode('circle', { cx, cy, r: 4, fill: 'var(--paper)', stroke: colour, 'stroke-width': 1.5 }));
  }
  const head = svgNode('circle', { r: 4, fill: colour, stroke: 'var(--paper)', class: 'head' });
  place.append(head);

  return (time: number) => {
    const count = grown ? countUntil(trail.when, time) : 0;
    const tip = grown ? headOf(trail, count, time) : null;
    let d = grown ? grown(count) : scattered(trail, time);
    if (tip && d) d += `L${tip.x} ${tip.y}`;
    rim?.setAttribute('d', d);
    line.setAttribute('d', d);
    points?.setAttribute('d', marked ? marked(count) : '');
    place.setAttribute('visibility', d ? 'visible' : 'hidden');
    const at = tip ?? (grown ? lastPoint(trail, count) : null);
    head.setAttribute('visibility', at && d && isWithin(frame, at) ? 'inherit' : 'hidden');
    if (at) head.setAttribute('transform', `translate(${at.x},${at.y})`);
  };
}

/** Whether a point lies between the axes, or on them. */
const isWithin = ({ left, top, right, bottom, width, height }: Frame, { x, y }: { x: number; y: number }) =>
  x > left - 1 && x < width - right + 1 && y > top - 1 && y < height - bottom + 1;

function dots(trail: Trail, place: SVGGElement, color: number) {
  const order = Uint32Array.from(trail.when.keys()).sort((a, b) => Number(trail.when[a]) - Number(trail.when[b]));
  const sorted = (values: Float64Array) => Float64Array.from(order, (i) => Number(values[i]));
  const ordered = { when: sorted(trail.when), x: sorted(trail.x), y: sorted(trail.y) };
  const rim = pointsPath(place, 'var(--paper)', 9);
  const points = pointsPath(place, paint(color), 7);
  const shown = prefixes(ordered, '');
  return (time: number) => {
    const d = shown(countUntil(ordered.when, time));
    rim.setAttribute('d', d);
    points.setAttribute('d', d);
  };
}

/** Points as one path of nothing but round ends. */
function pointsPath(place: SVGGElement, stroke: string, width: number) {
  const node = svgNode('path', { stroke, 'stroke-width': width, 'stroke-linecap': 'round', fill: 'none' });
  place.append(node);
  return node;
}

function ascending(values: ArrayLike<number>) {
  for (let i = 1; i < values.length; i++) if (!(Number(values[i]) >= Number(values[i - 1]))) return false;
  return true;
}

/** The path of the first so many points, cut from the path of all: with `joint` L a line, without one its points. */
export function prefixes({ x, y }: Trail, joint: 'L' | ''): (count: number) => string {
  const ends = new Uint32Array(x.length + 1);
  let all = '';
  let open = false;
  for (let i = 0; i < x.length; i++) {
    const known = !Number.isNaN(x[i]) && !Number.isNaN(y[i]);
    if (known) all += `${open && joint ? joint : 'M'}${x[i]} ${y[i]}${joint ? '' : 'h0'}`;
    open = known;
    ends[i + 1] = all.length;
  }
  return (count) => all.slice(0, ends[count]);
}

/** A line whose points come in any order: only what joins two points that have come. */
function scattered({ x, y, when }: Trail, time: number) {
  let d = '';
  let open = false;
  for (let i = 0; i < x.length; i++) {
    const shown = !(Number(when[i]) > time) && !Number.isNaN(x[i]) && !Number.isNaN(y[i]);
    if (shown) d += `${open ? 'L' : 'M'}${x[i]} ${y[i]}`;
    open = shown;
  }
  return d;
}

/** Where the head is on its way from the last point that has come to the next, null when it does not move. */
export function headOf({ x, y, when }: Trail, count: number, time: number) {
  if (count === 0 || count >= x.length) return null;
  const [before, after] = [Number(when[count - 1]), Number(when[count])];
  const share = (time - before) / (after - before);
  const between = (values: Float64Array) =>
    Number(values[count - 1]) + share * (Number(values[count]) - Number(values[count - 1]));
  const [hx, hy] = [between(x), between(y)];
  if (!(share > 0) || Number.isNaN(hx) || Number.isNaN(hy)) return null;
  return { x: Math.round(hx * 10) / 10, y: Math.round(hy * 10) / 10 };
}

function lastPoint({ x, y }: Trail, count: number) {
  for (let i = count - 1; i >= 0; i--) {
    if (!Number.isNaN(x[i]) && !Number.isNaN(y[i])) return { x: Number(x[i]), y: Number(y[i]) };
  }
  return null;
}

const firstPoint = ({ x, y }: Trail) => x.findIndex((value, i) => !Number.isNaN(value) && !Number.isNaN(y[i]));

/** The frames, each drawn when it is first shown, or before when there is time. */
function framesOf(plot: Plot, drawn: Drawn) {
  const frames = plot.frames ?? [];
  const made: (SVGGElement[] | undefined)[] = [];
  let shown = -1;
  const make = (index: number) => {
    const frame = frames[index];
    if (!frame) return [];
    const groups = drawn.drawFrame(frame.marks);
    made[index] = groups;
    return groups;
  };
  const turn = (index: number, visible: boolean) => {
    for (const group of made[index] ?? make(index)) group.setAttribute('display', visible ? 'inline' : 'none');
  };
  return {
    show(index: number) {
      if (index === shown) return;
      if (index >= 0) turn(index, true);
      if (shown >= 0) turn(shown, false);
      shown = index;
    },
    prepare() {
      const index = frames.findIndex((_, i) => !made[i]);
      if (index < 0) return false;
      for (const group of make(index)) group.setAttribute('display', 'none');
      return true;
    },
  };
}
