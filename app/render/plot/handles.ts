/** Points of a plot that can be moved, by pointer or arrow keys, to set an input. */

import type { Handle, Plot } from '../../generated/types';
import type { Drawn } from './draw.ts';
import type { Range } from './geometry.ts';
import { clamp, heightOn, movedInput, roundStep, snapped } from './geometry.ts';

export type Apply = (inputs: Record<string, string>, settled: boolean) => void;

const SVG = 'http://www.w3.org/2000/svg';

/** Puts the handles of a plot on its drawing. */
export function addHandles({
  plot,
  drawn,
  range,
  apply,
  hold,
  moved,
}: {
  plot: Plot;
  drawn: Drawn;
  range: { x: Range; y: Range };
  apply: Apply;
  /** called with the handle that is being dragged */ hold: (handle: number | null) => void;
  /** called as it moves, before any answer */ moved: (handle: Handle, x: number, y: number) => void;
}) {
  plot.handles.forEach((handle, index) => {
    const node = handleNode(handle, range);
    const free = handle.template.includes('{y}');
    const at = { x: handle.x, y: handle.y };
    const fine = { x: roundStep((range.x[1] - range.x[0]) / 200), y: roundStep((range.y[1] - range.y[0]) / 200) };

    const place = () => {
      node.setAttribute('transform', `translate(${drawn.x.apply(at.x)},${drawn.y.apply(at.y)})`);
      node.setAttribute('aria-valuenow', String(at.x));
      node.setAttribute('aria-valuetext', free ? `${at.x}, ${at.y}` : String(at.x));
    };
    const move = (x: number, y: number, settled: boolean, finer: number = 1) => {
      at.x = snapped(clamp(x, ...range.x), fine.x / finer);
      at.y = free ? snapped(clamp(y, ...range.y), fine.y / finer) : heightOn(plot, handle.x, handle.y, at.x);
      place();
      moved(handle, at.x, at.y);
      apply({ [handle.input]: movedInput(handle, at.x, at.y) }, settled);
    };

    node.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      node.focus();
      hold(index);
      const box = drawn.svg.getBoundingClientRect();
      drag(
        (event, done) => move(drawn.x.invert(event.clientX - box.left), drawn.y.invert(event.clientY - box.top), done),
        () => hold(null),
      );
    });
    node.addEventListener('keydown', (event) => {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] }[event.key];
      if (!way) return;
      event.preventDefault();
      const [right = 0, up = 0] = free ? way : [(way[0] ?? 0) + (way[1] ?? 0), 0];
      const finer = event.shiftKey ? 10 : 1;
      const size = event.shiftKey ? 0.1 : 4;
      move(at.x + right * fine.x * size, at.y + up * fine.y * size, true, finer);
    });

    place();
    drawn.svg.append(node);
  });
}

/** Follow the pointer until it is let go, wherever it goes. */
function drag(move: (event: PointerEvent, done: boolean) => void, end: () => void) {
  const until = new AbortController();
  const { signal } = until;
  // Pointers may be quicker than the screen.
  let next = 0;
  addEventListener(
    'pointermove',
    (event) => {
      cancelAnimationFrame(next);
      next = requestAnimationFrame(() => move(event, false));
    },
    { signal },
  );
  for (const name of ['pointerup', 'pointercancel'] as const) {
    addEventListener(
      name,
      (event) => {
        until.abort();
        cancelAnimationFrame(next);
        end();
        if (name === 'pointerup') move(event, true);
      },
      { signal },
    );
  }
}

function handleNode(handle: Handle, range: { x: Range }) {
  const node = document.createElementNS(SVG, 'g');
  node.setAttribute('class', 'handle');
  node.setAttribute('tabindex', '0');
  node.setAttribute('role', 'slider');
  node.setAttribute('aria-label', handle.label || `Move to set ${handle.input}`);
  node.setAttribute('aria-valuemin', String(range.x[0]));
  node.setAttribute('aria-valuemax', String(range.x[1]));
  for (const [name, radius] of [
    ['reach', 18],
    ['knob', 6.5],
  ] as const) {
    const circle = document.createElementNS(SVG, 'circle');
    circle.setAttribute('class', name);
    circle.setAttribute('r', String(radius));
    node.append(circle);
  }
  return node;
}
