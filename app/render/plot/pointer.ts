/**
 * The ground of a plot: a pointer over it reads it, a click places a point on it, a cross moved by arrow keys does both; pinching,
 * the wheel with Ctrl and the keys + and - bring it nearer, dragging moves it then. A page is never kept from scrolling.
 */

import type { Mark, Plot } from '../../generated/types';
import { addPinch } from '../pinch.ts';
import type { Drawn } from './draw.ts';
import type { Frame, Range } from './geometry.ts';
import { clamp, paint, panned, roundStep, snapped, zoomed } from './geometry.ts';
import type { Point, Row } from './read.ts';
import { pointsAt, readAt, roundedTo } from './read.ts';
import { svgNode } from './svg_node.ts';

export type View = { x: Range; y: Range };

/** the cross, the point that is read, and whether the last press moved the ground */
export type State = { cross: Point | null; read: Point | null; dragged: boolean };

/** `said` is when those who listen hear it */
export type Reading = { at: Point; pixel: Point; rows: Row[]; said: 'at once' | 'at rest' | 'never' };

/** A press that moves less than this is a click. */
const STILL = 4;

export function addPointer({
  node,
  plot,
  drawn,
  range,
  home,
  size,
  time,
  state,
  onSpace,
  onRead,
  onZoom,
  onPlace,
}: {
  /** what has the focus */ node: HTMLElement;
  plot: Plot;
  drawn: Drawn;
  /** what is shown */ range: View;
  /** all there is */ home: View;
  size: Frame;
  time: () => number;
  /** what outlives a drawing */ state: State;
  /** plays what moves; whether anything does */ onSpace: () => boolean;
  onRead: (reading: Reading | null) => void;
  onZoom: (view: View | null) => void;
  onPlace: (point: Point) => void;
}) {
  const ending = new AbortController();
  const { signal } = ending;
  const { svg } = drawn;
  const wide = size.width - size.left - size.right;
  const high = size.height - size.top - size.bottom;
  const sign = crossNode(size);
  svg.append(sign.node, sign.dots);

  const pixel = ({ x, y }: Point) => ({ x: drawn.x.apply(x), y: drawn.y.apply(y) });
  const pointOf = (event: { clientX: number; clientY: number }): Point | null => {
    const box = svg.getBoundingClientRect();
    const scale = size.width / box.width;
    const [x, y] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    const inside = x >= size.left && x <= size.left + wide && y >= size.top && y <= size.top + high;
    return inside ? { x: drawn.x.invert(x), y: drawn.y.invert(y) } : null;
  };
  const rounded = ({ x, y }: Point): Point => ({
    x: roundedTo(x, range.x, wide, plot.x.scale),
    y: roundedTo(y, range.y, high, plot.y.scale),
  });
  /** @param moved whether a mark is no longer where it was computed, so that there is nothing to read of it */
  const read = (point: Point, said: Reading['said'], moved: (mark: Mark) => boolean = () => false) => {
    state.read = point;
    const points = pointsAt(plot, point.x, time()).filter(({ mark }) => !moved(mark));
    sign.dot(points.map(({ y, mark }) => ({ ...pixel({ x: point.x, y }), colour: colourOf(mark) })));
    const rows = readAt(plot, point, pixel, time()).filter(({ mark }) => !moved(mark));
    onRead({ at: rounded(point), pixel: pixel(point), rows, said });
  };
  const forget = () => {
    if (!state.read) return;
    state.read = null;
    sign.dot([]);
    onRead(null);
  };
  const setCross = (to: Point | null) => {
    state.cross = to;
    sign.move(to && pixel(to));
  };
  /** Where keys begin. */
  const middle = () => state.cross ?? { x: middleOf(range.x, plot.x.scale), y: middleOf(range.y, plot.y.scale) };
  const zoom = (centre: Point, share: number) => {
    const x = zoomed(range.x, centre.x, share, home.x, plot.x.scale);
    const y = zoomed(range.y, centre.y, share, home.y, plot.y.scale);
    onZoom(x && y && { x, y });
  };
  /** @param up in shares of what is shown */
  const pan = (from: View, right: number, up: number) => {
    const [x, y] = [panned(from.x, right, home.x, plot.x.scale), panned(from.y, up, home.y, plot.y.scale)];
    if (x && y) onZoom({ x, y });
  };
  /** What lies under two fingers stays under them. */
  const zoomAndPan = (centre: Point, share: number, right: number, up: number) => {
    const x = zoomed(range.x, centre.x, share, home.x, plot.x.scale) ?? home.x;
    const y = zoomed(range.y, centre.y, share, home.y, plot.y.scale) ?? home.y;
    const isWhole = x[0] === home.x[0] && x[1] === home.x[1];
    if (isWhole) onZoom(null);
    else pan({ x, y }, right, up);
  };
  const isZoomed = range.x[0] !== home.x[0] || range.x[1] !== home.x[1];

  svg.addEventListener(
    'click',
    (event) => {
      const point = pointOf(event);
      if (state.dragged || !point || onHandle(event)) return;
      setCross(null);
      if (plot.placing && event.detail < 2) onPlace(rounded(point));
      else read(point, 'at once');
    },
    { signal },
  );
  let hovering = 0;
  node.addEventListener(
    'pointermove',
    (event) => {
      if (event.pointerType === 'touch' || event.buttons) return;
      cancelAnimationFrame(hovering);
      hovering = requestAnimationFrame(() => {
        const point = signal.aborted ? null : pointOf(event);
        if (point) read(point, 'never');
        else forget();
      });
    },
    { signal },
  );
  node.addEventListener(
    'pointerleave',
    (event) => {
      cancelAnimationFrame(hovering);
      if (event.pointerType !== 'touch') forget();
    },
    { signal },
  );
  svg.addEventListener('dblclick', () => isZoomed && onZoom(null), { signal });
  node.addEventListener(
    'pointerdown',
    (event) => {
      state.dragged = false;
      if (!isZoomed || event.pointerType === 'touch' || event.button !== 0 || onHandle(event)) return;
      follow(event, (right, down) => {
        if (Math.hypot(right, down) > STILL) {
          state.dragged = true;
          forget();
        }
        if (state.dragged) pan(range, -right / wide, down / high);
      });
    },
    { signal },
  );
  node.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const point = pointOf(event);
      if (point) zoom(point, Math.exp(clamp(event.deltaY, -60, 60) / 150));
    },
    { signal, passive: false },
  );
  addPinch(node, signal, (share, middle, moved) => {
    const point = pointOf(middle);
    if (point) zoomAndPan(point, share, -moved.x / wide, moved.y / high);
  });

  const fine = { x: roundStep((range.x[1] - range.x[0]) / 200), y: roundStep((range.y[1] - range.y[0]) / 200) };
  const moveCross = (key: string, finely: boolean) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] }[key];
    if (!way) return false;
    const [right = 0, up = 0] = way;
    const from = middle();
    const pixels = finely ? 1 : 8;
    const there = pixel(from);
    const x = drawn.x.invert(clamp(there.x + right * pixels, size.left, size.left + wide));
    const y = drawn.y.invert(clamp(there.y - up * pixels, size.top, size.top + high));
    const even = (value: number, axis: 'x' | 'y') =>
      finely || plot[axis].scale === 'log' ? value : clamp(snapped(value, fine[axis]), ...range[axis]);
    const to = { x: right ? even(x, 'x') : from.x, y: up ? even(y, 'y') : from.y };
    setCross(to);
    read(to, 'at rest');
    return true;
  };
  node.addEventListener(
    'keydown',
    (event) => {
      if (event.target !== node || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === '+' || event.key === '=') zoom(middle(), 0.7);
      else if (event.key === '-') zoom(middle(), 1 / 0.7);
      else if (event.key === '0') onZoom(null);
      else if (event.key === 'Enter') {
        if (plot.placing && state.cross) onPlace(rounded(state.cross));
        else read(middle(), 'at once');
      } else if (event.key === 'Escape' && state.read) {
        setCross(null);
        forget();
        event.stopPropagation();
      } else if (!moveCross(event.key, event.shiftKey) && !(event.key === ' ' && onSpace())) return;
      event.preventDefault();
    },
    { signal },
  );
  node.addEventListener(
    'focusout',
    () => {
      setCross(null);
      forget();
    },
    { signal },
  );
  setCross(state.cross);
  return {
    end: () => ending.abort(),
    /** Read the same point again, or another. */
    refresh(point: Point | null = state.read, moved?: (mark: Mark) => boolean) {
      if (point) read(point, 'never', moved);
    },
  };
}

const middleOf = ([low, high]: Range, scale: 'linear' | 'log') =>
  scale === 'log' ? Math.sqrt(low * high) : (low + high) / 2;

const colourOf = (mark: Mark) => ('color' in mark ? paint(mark.color) : 'currentcolor');

const onHandle = (event: Event) => (event.target as Element).closest('.handle') !== null;

/** Follow a press until it ends. */
function follow(start: PointerEvent, move: (right: number, down: number) => void) {
  const until = new AbortController();
  const { signal } = until;
  addEventListener('pointermove', (event) => move(event.clientX - start.clientX, event.clientY - start.clientY), {
    signal,
  });
  for (const name of ['pointerup', 'pointercancel']) addEventListener(name, () => until.abort(), { signal });
}

/** A cross over the whole ground, its circle where it meets. */
function crossNode({ left, right, top, bottom, width, height }: Frame) {
  const node = svgNode('g', { class: 'cross', 'aria-hidden': 'true', visibility: 'hidden' });
  const [lines, circle] = [svgNode('path', {}), svgNode('circle', { r: 5 })];
  node.append(lines, circle);
  const dots = svgNode('g', { class: 'dots', 'aria-hidden': 'true' });
  return {
    node,
    dots,
    /** Mark points of the curves. */
    dot(points: { x: number; y: number; colour: string }[]) {
      const seen = points.filter(({ y }) => y >= top && y <= height - bottom);
      dots.replaceChildren(...seen.map(({ x, y, colour }) => svgNode('circle', { cx: x, cy: y, r: 4, fill: colour })));
    },
    move(to: Point | null) {
      node.setAttribute('visibility', to ? 'visible' : 'hidden');
      if (!to) return;
      lines.setAttribute('d', `M${left} ${to.y}H${width - right}M${to.x} ${top}V${height - bottom}`);
      circle.setAttribute('transform', `translate(${to.x},${to.y})`);
    },
  };
}
