/** A plot with its legend, its axis labels as real mathematics, its sentence and its numbers. */

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { CopyButton } from '../ui/copy.js';
import { html } from '../ui/html.js';
import { formatNumber } from './number.js';
import { extent, frame, ranges } from './plot_geometry.js';
import { addHandles } from './plot_handles.js';
import { Prose } from './prose.js';
import { plainProse } from './prose_parse.js';

/**
 * @typedef {import('../generated/types').Plot} Plot
 * @typedef {import('../generated/types').Mark} Mark
 * @typedef {import('../generated/types').Axis} Axis
 * @typedef {import('./document.js').Actions} Actions
 */

/** @param {{block: Plot, apply: Actions['apply']}} props */
export function PlotView({ block, apply }) {
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
    let current = true;
    import('./plot_draw.js').then(
      ({ drawPlot }) => {
        if (!current) return;
        const drawn = drawPlot(block, { frame: size, range }, { scale: colourScale(block, node) });
        drawn.svg.setAttribute('role', 'img');
        drawn.svg.setAttribute('aria-label', plainProse(block.summary));
        if (block.handles.length) drawn.svg.setAttribute('role', 'group');
        const focused = [...node.querySelectorAll('.handle')].indexOf(/** @type {Element} */ (document.activeElement));
        const hold = (/** @type {number | null} */ index) => {
          held.current.range = index === null ? null : range;
        };
        addHandles({ plot: block, drawn, range, hold, apply });
        node.replaceChildren(drawn.svg);
        if (focused >= 0) /** @type {SVGElement} */ (node.querySelectorAll('.handle')[focused])?.focus();
      },
      (error) => current && setFailure(`The plot could not be drawn: ${error.message}`),
    );
    return () => {
      current = false;
    };
  }, [block, width, theme]);

  return html`<figure class="plot">
    ${block.title && html`<p class="label"><${Prose} text=${block.title} /></p>`}
    <${Legend} block=${block} />
    <${AxisLabel} axis=${block.y} of="y" />
    <div class="canvas" ref=${canvas} style=${{ minHeight: `${size.height}px` }}>${failure && html`<p>${failure}</p>`}</div>
    <${AxisLabel} axis=${block.x} of="x" />
    <figcaption><${Prose} text=${block.summary} /></figcaption>
    <${Numbers} block=${block} />
  </figure>`;
}

/** @param {{axis: Axis, of: 'x' | 'y'}} props */
function AxisLabel({ axis, of }) {
  if (!axis.label && !axis.unit) return null;
  return html`<p class="axis axis-${of}"><${Prose} text=${axis.label} />${axis.unit && html` <span class="unit">(${axis.unit})</span>`}</p>`;
}

/** @param {{block: Plot}} props */
function Legend({ block }) {
  const named = block.marks.filter((mark) => mark.label);
  if (!named.length) return null;
  return html`<ul class="legend">${named.map(
    (mark) => html`<li>
      <span class="swatch" data-mark=${mark.mark} data-dash=${'dash' in mark ? mark.dash : mark.mark === 'rule'}
        style=${{ color: 'color' in mark ? `var(--p${mark.color % 6})` : 'var(--soft)' }}></span>
      <${Prose} text=${mark.label} />
    </li>`,
  )}</ul>`;
}

/** The numbers of a plot, for those who do not see it and for those who want to compute on. @param {{block: Plot}} props */
function Numbers({ block }) {
  const [open, setOpen] = useState(false);
  const marks = block.marks.filter((mark) => mark.mark !== 'rule');
  return html`<details class="numbers fold" onToggle=${(/** @type {any} */ event) => setOpen(event.currentTarget.open)}>
    <summary>Numbers</summary>
    ${
      open &&
      marks.map(
        (mark) => html`<div class="table" tabindex="0" role="group" aria-label="Numbers of the plot">
        <table>
          <caption><${Prose} text=${mark.label || mark.mark} />
            <${CopyButton} text=${csv(mark)} what="all of them as CSV" label="Copy CSV" /></caption>
          <thead><tr>${columns(mark).map(([name]) => html`<th scope="col" data-align="right">${name}</th>`)}</tr></thead>
          <tbody>${thinned(mark).map((row) => html`<tr>${row.map((value) => html`<td data-align="right">${formatNumber(value)}</td>`)}</tr>`)}</tbody>
        </table>
      </div>`,
      )
    }
  </details>`;
}

const ROWS = 25;

/** The columns of a mark; a surface is told as one row a sample. @param {Mark} mark @returns {[string, ArrayLike<number>][]} */
function columns(mark) {
  if (mark.mark === 'raster' || mark.mark === 'contour') {
    const [across, all] = [mark.x.length, Array.from(mark.z.keys())];
    return [
      ['x', all.map((i) => mark.x[i % across] ?? Number.NaN)],
      ['y', all.map((i) => mark.y[Math.floor(i / across)] ?? Number.NaN)],
      ['z', mark.z],
    ];
  }
  return ['x', 'y', 'y1', 'y2', 'u', 'v'].flatMap((name) =>
    name in mark ? [[name, /** @type {any} */ (mark)[name]]] : [],
  );
}

/** @param {Mark} mark */
function thinned(mark) {
  const shown = columns(mark);
  const count = mark.mark === 'raster' || mark.mark === 'contour' ? mark.z.length : mark.x.length;
  const rows = Math.min(ROWS, count);
  return Array.from({ length: rows }, (_, row) => {
    const i = rows > 1 ? Math.round((row * (count - 1)) / (rows - 1)) : 0;
    return shown.map(([, values]) => Number(values[i]));
  });
}

/** @param {Mark} mark */
function csv(mark) {
  const shown = columns(mark);
  const length = shown[0]?.[1].length ?? 0;
  const lines = Array.from({ length }, (_, i) => shown.map(([, values]) => values[i]).join(','));
  return [shown.map(([name]) => name).join(','), ...lines].join('\n');
}

/**
 * The colour scale of rasters, from the page's own colours; a raster is a picture, so they must be known now.
 * @param {Plot} block
 * @param {HTMLElement} node
 */
function colourScale(block, node) {
  const surfaces = block.marks.filter((mark) => mark.mark === 'raster');
  const [low, high] = extent(surfaces.flatMap((mark) => extent(mark.z)));
  if (low === undefined || high === undefined) return null;
  /** @param {string} name */
  const colour = (name) => {
    node.style.color = `var(${name})`;
    return getComputedStyle(node).color;
  };
  const diverging = surfaces.some((mark) => mark.diverging);
  const most = Math.max(-low, high);
  const scale = diverging
    ? { domain: [-most, 0, most], range: [colour('--p0'), colour('--paper'), colour('--p1')] }
    : { domain: [low, (low + high) / 2, high], range: [colour('--low'), colour('--mid'), colour('--high')] };
  node.style.color = '';
  return { type: /** @type {const} */ ('linear'), interpolate: /** @type {const} */ ('lab'), ...scale };
}

/** @param {{current: HTMLElement | null}} place */
function useWidth(place) {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const node = place.current;
    if (!node) return;
    const measure = () => setWidth(Math.floor(node.clientWidth));
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(node);
    return () => watch.disconnect();
  }, []);
  return width;
}

/** Surfaces are pictures, so a change of theme draws them again. */
function useTheme() {
  const [theme, setTheme] = useState(0);
  useEffect(() => {
    const changed = () => setTheme((count) => count + 1);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const watch = new MutationObserver(changed);
    dark.addEventListener('change', changed);
    watch.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      dark.removeEventListener('change', changed);
      watch.disconnect();
    };
  }, []);
  return theme;
}
