/** A plot with its legend, its axis labels as real mathematics, its sentence and its numbers. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from '../ui/html.js';
import { frame, ranges } from './plot_geometry.js';
import { addHandles } from './plot_handles.js';
import { AxisLabel, Legend, Numbers } from './plot_parts.js';
import { colourScale, useTheme, useWidth } from './plot_surroundings.js';
import { Prose } from './prose.js';
import { plainProse } from './prose_parse.js';
import { TimelineBar } from './timeline_bar.js';

/**
 * @typedef {import('../generated/types').Plot} Plot
 * @typedef {import('./document.js').Actions} Actions
 * @typedef {import('./timeline.js').Clock} Clock
 */

/** @param {{block: Plot, apply: Actions['apply'], clock?: Clock, leads?: boolean}} props */
export function PlotView({ block, apply, clock, leads }) {
  const canvas = useRef(/** @type {HTMLElement | null} */ (null));
  const held = useRef(/** @type {{range: ReturnType<typeof ranges> | null}} */ ({ range: null }));
  const width = useWidth(canvas);
  const theme = useTheme();
  const [failure, setFailure] = useState('');
  // While a point is dragged the axes keep still, whatever the answers that come in say.
  const range = held.current.range ?? ranges(block);
  const size = frame(width || 640, range, block.equal);

  useEffect(() => {
    const node = canvas.current;
    if (!node || !width) return;
    /** @type {(() => void)[]} */
    const ends = [];
    let current = true;
    Promise.all([import('./plot_draw.js'), clock && import('./plot_moving.js')]).then(
      ([{ drawPlot }, moving]) => {
        if (!current) return;
        const drawn = drawPlot(block, { frame: size, range }, { scale: colourScale(block, node) });
        drawn.svg.setAttribute('role', 'img');
        drawn.svg.setAttribute('aria-label', plainProse(block.summary));
        if (block.handles.length) drawn.svg.setAttribute('role', 'group');
        const focused = [...node.querySelectorAll('.handle')].indexOf(/** @type {Element} */ (document.activeElement));
        const hold = (/** @type {number | null} */ index) => {
          held.current.range = index === null ? null : range;
        };
        if (clock && moving) ends.push(moving.follow(moving.addMoving(block, drawn), clock));
        addHandles({ plot: block, drawn, range, hold, apply });
        node.replaceChildren(drawn.svg);
        if (focused >= 0) /** @type {SVGElement} */ (node.querySelectorAll('.handle')[focused])?.focus();
      },
      (error) => current && setFailure(`The plot could not be drawn: ${error.message}`),
    );
    return () => {
      current = false;
      for (const end of ends) end();
    };
  }, [block, width, theme, clock]);

  return html`<figure class="plot">
    ${block.title && html`<p class="label"><${Prose} text=${block.title} /></p>`}
    <${Legend} block=${block} />
    <${AxisLabel} axis=${block.y} of="y" />
    <div class="canvas" ref=${canvas} style=${{ minHeight: `${size.height}px` }}>${failure && html`<p>${failure}</p>`}</div>
    <${AxisLabel} axis=${block.x} of="x" until=${size.width - size.right} />
    ${clock && leads && html`<${TimelineBar} clock=${clock} />`}
    <figcaption><${Prose} text=${block.summary} /></figcaption>
    <${Numbers} block=${block} />
  </figure>`;
}
