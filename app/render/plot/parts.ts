/** What stands around a plot: its legend, the labels of its axes, its numbers. */

import { useMemo, useState } from 'preact/hooks';
import type { Axis, Mark, Plot } from '../../generated/types';
import { CopyButton } from '../../page/copy.ts';
import { html } from '../../page/html.ts';
import { download, fileName, Menu } from '../../page/menu.ts';
import { columns, markCsv, plotCsv } from '../csv.ts';
import { Prose } from '../formula/prose.ts';
import { plainProse } from '../formula/prose_parse.ts';
import { formatNumber } from '../number.ts';
import { colourBars, gradient } from './colours.ts';
import { arrowColour, everyMark, isSurface, paint, strokeOf } from './geometry.ts';
import type { Moment } from './picture.ts';

/** @param props `until` is where the axis ends */
export function AxisLabel({ axis, of, until }: { axis: Axis; of: 'x' | 'y'; until?: number }) {
  if (!axis.label && !axis.unit) return null;
  const style = until ? { maxWidth: `${until}px` } : {};
  return html`<p class="axis axis-${of}" style=${style}><${Prose} text=${axis.label} />${axis.unit && html` <span class="unit">(${axis.unit})</span>`}</p>`;
}

export function Legend({ block }: { block: Plot }) {
  const bars = useMemo(() => colourBars(block), [block]);
  const named = everyMark(block).filter(
    (mark, i, all) =>
      mark.label && all.findIndex(({ label, mark: kind }) => label === mark.label && kind === mark.mark) === i,
  );
  const plain = named.filter((mark) => !isSurface(mark));
  if (!plain.length && !bars.length) return null;
  return html`<ul class="legend">
    ${bars.map(
      ({ label, low, high, colours, stepped }) => html`<li class="scale">
      ${label && html`<${Prose} text=${label} />`}
      <span class="scale-end">${formatNumber(low, 3)}</span><span class="colour-bar" style=${{ background: gradient(colours, stepped) }}></span>
      <span class="scale-end">${formatNumber(high, 3)}</span>
    </li>`,
    )}
    ${plain.map((mark) => html`<li><${Swatch} mark=${mark} over=${plain.length < named.length || bars.length > 0} /><${Prose} text=${mark.label} /></li>`)}
  </ul>`;
}

export function Swatch({ mark, over }: { mark: Mark; over: boolean }) {
  const own = 'color' in mark ? paint(mark.color) : 'var(--soft)';
  const color = mark.mark === 'vectors' ? arrowColour(mark, over) : own;
  const isDashed = mark.mark === 'rule' || ('dash' in mark && mark.dash);
  const stroke = 'color' in mark ? strokeOf({ color: mark.color, dash: isDashed }) : 0;
  return html`<span class="swatch" data-mark=${mark.mark} data-stroke=${stroke} style=${{ color }}></span>`;
}

/** The numbers of a plot, for those who do not see it and for those who want to compute on. */
export function Numbers({ block }: { block: Plot }) {
  const [open, setOpen] = useState(false);
  const marks = block.marks.filter((mark) => mark.mark !== 'rule');
  return html`<details class="numbers fold" onToggle=${(event: any) => setOpen(event.currentTarget.open)}>
    <summary>Numbers</summary>
    ${
      open &&
      marks.map(
        (mark) => html`<div class="table" tabindex="0" role="group" aria-label="Numbers of the plot">
        <table>
          <caption><${Prose} text=${mark.label || mark.mark} />
            <${CopyButton} text=${() => Promise.resolve(markCsv(mark))} what="all of them as CSV" label="Copy as CSV" /></caption>
          <thead><tr>${columns(mark).map(([name]) => html`<th scope="col" data-align="right">${name}</th>`)}</tr></thead>
          <tbody>${thinned(mark).map((row) => html`<tr>${row.map((value) => html`<td data-align="right">${formatNumber(value)}</td>`)}</tr>`)}</tbody>
        </table>
      </div>`,
      )
    }
  </details>`;
}

const ROWS = 25;

function thinned(mark: Mark) {
  const shown = columns(mark);
  const count = mark.mark === 'raster' || mark.mark === 'contour' ? mark.z.length : mark.x.length;
  const rows = Math.min(ROWS, count);
  return Array.from({ length: rows }, (_, row) => {
    const i = rows > 1 ? Math.round((row * (count - 1)) / (rows - 1)) : 0;
    return shown.map(([, values]) => Number(values[i]));
  });
}

/** What can be taken away from a plot. */
export function PlotMenu({ block, moment }: { block: Plot; moment: () => Moment }) {
  const title = plainProse(block.title);
  const items = [
    {
      label: 'Picture (PNG)',
      act: async () =>
        download(await (await import('./picture.ts')).plotPng(block, moment()), fileName(title || 'plot', 'png')),
    },
    {
      label: 'Drawing (SVG)',
      act: async () =>
        download(
          await (await import('./picture.ts')).plotSvg(block, moment()),
          fileName(title || 'plot', 'svg'),
          'image/svg+xml',
        ),
    },
    { label: 'Numbers (CSV)', act: () => download(plotCsv(block), fileName(title || 'plot', 'csv')) },
  ];
  return html`<${Menu} of=${title || 'plot'} items=${items} />`;
}
