/**
 * The ground of a plot: a click reads it or places a point on it, a cross moved by arrow keys does the same; pinching,
 * the wheel with Ctrl and the keys + and - bring it nearer, dragging moves it then. A page is never kept from scrolling.
 */

import { addPinch } from '../pinch.js';
import { clamp, panned, roundStep, snapped, zoomed } from './geometry.js';
import { svgNode } from './moving.js';
import { readAt, roundedTo } from './read.js';

/**
 * @typedef {import('../../generated/types').Plot} Plot
 * @typedef {import('./draw.js').Drawn} Drawn
 * @typedef {import('./geometry.js').Frame} Frame
 * @typedef {import('./geometry.js').Range} Range
 * @typedef {import('./read.js').Point} Point
 * @typedef {{x: Range, y: Range}} View
 * @typedef {{cross: Point | null, read: Point | null, dragged: boolean}} State the cross, the point that is read, and
 *   whether the last press moved the ground
 * @typedef {{at: Point, pixel: Point, rows: import('./read.js').Row[], spoken: boolean}} Reading
 */

/** A press that moves less than this is a click. */
const STILL = 4;

/**
 * @param {object} ground
 * @param {HTMLElement} ground.node what has the focus
 * @param {Plot} ground.plot
 * @param {Drawn} ground.drawn
 * @param {View} ground.range what is shown
 * @param {View} ground.home all there is
 * @param {Frame} ground.size
 * @param {() => number} ground.time
 * @param {State} ground.state what outlives a drawing
 * @param {() => boolean} ground.onSpace plays what moves; whether anything does
 * @param {(reading: Reading | null) => void} ground.onRead
 * @param {(view: View | null) => void} ground.onZoom
 * @param {(point: Point) => void} ground.onPlace
 */
export function addPointer({ node, plot, drawn, range, home, size, time, state, onSpace, onRead, onZoom, onPlace }) {
  const ending = new AbortController();
  const { signal } = ending;
  const { svg } = drawn;
  const wide = size.width - size.left - size.right;
  const high = size.height - size.top - size.bottom;
  const sign = crossNode(size);
  svg.append(sign.node);

  /** @param {Point} point */
  const pixel = ({ x, y }) => ({ x: drawn.x.apply(x), y: drawn.y.apply(y) });
  /** @param {{clientX: number, clientY: number}} event @returns {Point | null} */
  const pointOf = (event) => {
    const box = svg.getBoundingClientRect();
    const scale = size.width / box.width;
    const [x, y] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    const inside = x >= size.left && x <= size.left + wide && y >= size.top && y <= size.top + high;
    return inside ? { x: drawn.x.invert(x), y: drawn.y.invert(y) } : null;
  };
  /** @param {Point} point @returns {Point} */
  const rounded = ({ x, y }) => ({
    x: roundedTo(x, range.x, wide, plot.x.scale),
    y: roundedTo(y, range.y, high, plot.y.scale),
  });
  /** @param {Point} point @param {boolean} spoken */
  const read = (point, spoken) => {
    state.read = point;
    onRead({ at: rounded(point), pixel: pixel(point), rows: readAt(plot, point, pixel, time()), spoken });
  };
  const forget = () => {
    if (!state.read) return;
    state.read = null;
    onRead(null);
  };
  /** @param {Point | null} to */
  const setCross = (to) => {
    state.cross = to;
    sign.move(to && pixel(to));
  };
  /** Where keys begin. */
  const middle = () => state.cross ?? { x: middleOf(range.x, plot.x.scale), y: middleOf(range.y, plot.y.scale) };
  /** @param {Point} centre @param {number} share */
  const zoom = (centre, share) => {
    const x = zoomed(range.x, centre.x, share, home.x, plot.x.scale);
    const y = zoomed(range.y, centre.y, share, home.y, plot.y.scale);
    onZoom(x && y && { x, y });
  };
  /** @param {View} from @param {number} right @param {number} up in shares of what is shown */
  const pan = (from, right, up) => {
    const [x, y] = [panned(from.x, right, home.x, plot.x.scale), panned(from.y, up, home.y, plot.y.scale)];
    if (x && y) onZoom({ x, y });
  };
  const isZoomed = range.x[0] !== home.x[0] || range.x[1] !== home.x[1];

  svg.addEventListener(
    'click',
    (event) => {
      const point = pointOf(event);
      if (state.dragged || !point || onHandle(event)) return;
      setCross(null);
      if (plot.placing && event.detail < 2) onPlace(rounded(point));
      else read(point, true);
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
        if (Math.hypot(right, down) > STILL) state.dragged = true;
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
  addPinch(node, signal, (share, middle) => {
    const point = pointOf(middle);
    if (point) zoom(point, share);
  });

  const fine = { x: roundStep((range.x[1] - range.x[0]) / 200), y: roundStep((range.y[1] - range.y[0]) / 200) };
  /** @param {string} key @param {boolean} finely */
  const moveCross = (key, finely) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] }[key];
    if (!way) return false;
    const [right = 0, up = 0] = way;
    const from = middle();
    const pixels = finely ? 1 : 8;
    const there = pixel(from);
    const x = drawn.x.invert(clamp(there.x + right * pixels, size.left, size.left + wide));
    const y = drawn.y.invert(clamp(there.y - up * pixels, size.top, size.top + high));
    /** @param {number} value @param {'x' | 'y'} axis */
    const even = (value, axis) =>
      finely || plot[axis].scale === 'log' ? value : clamp(snapped(value, fine[axis]), ...range[axis]);
    const to = { x: right ? even(x, 'x') : from.x, y: up ? even(y, 'y') : from.y };
    setCross(to);
    read(to, false);
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
        else read(middle(), true);
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
    /** Read the same point again. */
    refresh: () => state.read && read(state.read, false),
  };
}

/** @param {Range} range @param {'linear' | 'log'} scale */
const middleOf = ([low, high], scale) => (scale === 'log' ? Math.sqrt(low * high) : (low + high) / 2);

/** @param {Event} event */
const onHandle = (event) => /** @type {Element} */ (event.target).closest('.handle') !== null;

/** Follow a press until it ends. @param {PointerEvent} start @param {(right: number, down: number) => void} move */
function follow(start, move) {
  const until = new AbortController();
  const { signal } = until;
  addEventListener('pointermove', (event) => move(event.clientX - start.clientX, event.clientY - start.clientY), {
    signal,
  });
  for (const name of ['pointerup', 'pointercancel']) addEventListener(name, () => until.abort(), { signal });
}

/** A cross over the whole ground, its circle where it meets. @param {Frame} size */
function crossNode({ left, right, top, bottom, width, height }) {
  const node = svgNode('g', { class: 'cross', 'aria-hidden': 'true', visibility: 'hidden' });
  const [lines, circle] = [svgNode('path', {}), svgNode('circle', { r: 5 })];
  node.append(lines, circle);
  return {
    node,
    /** @param {Point | null} to */
    move(to) {
      node.setAttribute('visibility', to ? 'visible' : 'hidden');
      if (!to) return;
      lines.setAttribute('d', `M${left} ${to.y}H${width - right}M${to.x} ${top}V${height - bottom}`);
      circle.setAttribute('transform', `translate(${to.x},${to.y})`);
    },
  };
}
