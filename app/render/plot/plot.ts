/** A plot with its legend, its axis labels as real mathematics, its sentence and its numbers. */

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Handle, Plot } from '../../generated/types';
import { html } from '../../page/html.ts';
import type { Actions } from '../actions';
import { Prose } from '../formula/prose.ts';
import { plainProse } from '../formula/prose_parse.ts';
import { useLazy } from '../lazy.ts';
import type { Clock } from '../timeline.ts';
import { TimelineBar } from '../timeline_bar.ts';
import { followsHandle } from './follow.ts';
import { frame, ranges } from './geometry.ts';
import { addHandles } from './handles.ts';
import { AxisLabel, Legend, Numbers, PlotMenu } from './parts.ts';
import type { Reading, State } from './pointer.ts';
import { placedInput } from './read.ts';
import { Readout } from './readout.ts';
import { colourScale, coloursAt, useTheme, useWidth } from './surroundings.ts';

export type View = ReturnType<typeof ranges>;

const KEYS = 'Arrow keys move a cross, Enter uses it, plus and minus bring the plot nearer and further.';

/** So long after a point was let go, in ms, the plot is drawn anew. */
const AFTER = 400;

let last: Promise<unknown> = Promise.resolve();

/**
 * Plots are drawn one after the other, each in a task of its own: a key that is pressed meanwhile is heard between them.
 * @returns it, at this plot's turn
 */
function turn<T>(brought: Promise<T>): Promise<T> {
  const { port1, port2 } = new MessageChannel();
  last = Promise.allSettled([last, brought]).then(
    () =>
      new Promise((resolve) => {
        port1.onmessage = resolve;
        port2.postMessage(null);
      }),
  );
  return last.then(() => {
    port1.close();
    return brought;
  });
}

export function PlotView({
  block,
  apply,
  clock,
  leads,
}: {
  block: Plot;
  apply: Actions['apply'];
  clock?: Clock;
  leads?: boolean;
}) {
  const canvas = useRef(null as HTMLElement | null);
  const held = useRef({ range: null, alone: false, top: 0 } as { range: View | null; alone: boolean; top: number });
  const ending = useRef(() => {});
  const [released, redraw] = useState(0);
  const pointed = useRef({ cross: null, read: null, dragged: false } as State);
  const [zoom, setZoom] = useState(null as { view: View; of: string } | null);
  const [reading, setReading] = useState(null as Reading | null);
  const width = useWidth(canvas);
  const near = useLazy(canvas);
  const theme = useTheme();
  const [failure, setFailure] = useState('');
  // While a point is dragged the axes keep still, whatever the answers that come in say.
  const home = held.current.range ?? ranges(block);
  // What was brought nearer stays so, as long as the whole is the same.
  const view = zoom && zoom.of === JSON.stringify(home) ? zoom.view : null;
  const range = view ?? home;
  const size = frame(width || 640, home, block.equal);

  useEffect(() => {
    const node = canvas.current;
    if (!node || !width || !near) return;
    let current = true;
    const brought = import('./live.ts');
    turn(brought).then(
      ({ addMoving, addPointer, drawPlot, follow }) => {
        // While a point is moved whose curves are there, the page draws what follows it.
        if (!current || held.current.alone) return;
        ending.current();
        const ends: (() => void)[] = [];
        ending.current = () => {
          for (const end of ends) end();
        };
        const layout = { frame: size, range, zoomed: view !== null };
        const drawn = drawPlot(block, layout, { scale: colourScale(block, coloursAt(node)) });
        drawn.svg.setAttribute('role', 'img');
        drawn.svg.setAttribute('aria-label', plainProse(block.summary));
        if (block.handles.length) drawn.svg.setAttribute('role', 'group');
        const focused = [...node.querySelectorAll('.handle')].indexOf(document.activeElement as Element);
        const { following } = drawn;
        const hold = (index: number | null) => {
          held.current.range = index === null ? null : home;
          held.current.top = node.getBoundingClientRect().top;
          held.current.alone = index !== null && block.handles[index] === following?.handle;
          // By then the answer is there that it was let go for.
          if (index === null) setTimeout(redraw, AFTER, (count: number) => count + 1);
        };
        const moved = (handle: Handle, x: number, y: number) => {
          if (handle === following?.handle) following.show(x);
          pointer.refresh({ x, y }, (mark) => followsHandle(block, block.marks.indexOf(mark)));
        };
        const pointer = addPointer({
          node,
          plot: block,
          drawn,
          range,
          home,
          size,
          state: pointed.current,
          time: () => clock?.time ?? Number.POSITIVE_INFINITY,
          onSpace: () => clock?.key(' ') ?? false,
          onRead: setReading,
          onZoom: (view) => setZoom(view && { view, of: JSON.stringify(home) }),
          onPlace: (point) => apply((inputs) => placed(block, point, inputs)),
        });
        ends.push(pointer.end);
        if (clock) ends.push(follow(addMoving(block, drawn), clock), clock.subscribe(pointer.refresh));
        addHandles({ plot: block, drawn, range, hold, moved, apply });
        node.replaceChildren(drawn.svg);
        pointer.refresh();
        if (focused >= 0) (node.querySelectorAll('.handle')[focused] as SVGElement)?.focus();
      },
      (error) => current && setFailure(`The plot could not be drawn: ${error.message}`),
    );
    return () => {
      current = false;
    };
  }, [block, width, near, theme, clock, zoom, released]);

  useEffect(() => () => ending.current(), []);
  // What stands above may take another line: the plot keeps its place under the pointer.
  useLayoutEffect(() => {
    if (held.current.range && canvas.current)
      scrollBy(0, canvas.current.getBoundingClientRect().top - held.current.top);
  });

  return html`<figure class="plot">
    ${block.title && html`<p class="label"><${Prose} text=${block.title} /></p>`}
    <${Legend} block=${block} />
    <${AxisLabel} axis=${block.y} of="y" />
    <div class="stage" data-zoomed=${view !== null} data-placing=${block.placing ? true : undefined}>
      <div class="canvas" ref=${canvas} style=${{ '--height': `${size.height}px` }} tabindex="0" role="application"
        aria-label=${plainProse(block.placing?.label || block.title || 'Plot')} aria-roledescription="plot"
        aria-description=${KEYS}>${failure && html`<p>${failure}</p>`}</div>
      ${view && html`<button type="button" class="quiet whole" onClick=${() => setZoom(null)}>Whole range</button>`}
      <${Readout} reading=${reading} width=${width} axes=${block} />
    </div>
    <${AxisLabel} axis=${block.x} of="x" until=${size.width - size.right} />
    ${block.placing?.label && html`<p class="placing"><${Prose} text=${block.placing.label} /></p>`}
    ${clock && leads && html`<${TimelineBar} clock=${clock} />`}
    <figcaption><${Prose} text=${block.summary} /></figcaption>
    <div class="with-menu">
      <${Numbers} block=${block} />
      <${PlotMenu} block=${block} moment=${() => ({ time: clock?.time ?? Number.POSITIVE_INFINITY, view })} />
    </div>
  </figure>`;
}

function placed(
  { placing }: Plot,
  point: { x: number; y: number },
  inputs: Record<string, string>,
): Record<string, string> {
  return placing ? { [placing.input]: placedInput(placing.template, point, inputs[placing.input] ?? '') } : {};
}
