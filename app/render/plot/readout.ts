/** The values at a point of a plot, beside the point, and announced to screen readers. */

import { useEffect, useState } from 'preact/hooks';
import type { Mark, Plot } from '../../generated/types';
import { html } from '../../page/html.ts';
import { Prose } from '../formula/prose.ts';
import { plainProse } from '../formula/prose_parse.ts';
import { formatNumber } from '../number.ts';
import { Swatch } from './parts.ts';
import type { Reading } from './pointer.ts';

/** A moving cross is announced when it comes to rest. */
const REST = 350;

export function Readout({ reading, width, axes }: { reading: Reading | null; width: number; axes: Plot }) {
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (!reading || reading.said === 'never') return;
    const timer = setTimeout(() => setSaid(spoken(reading, axes)), reading.said === 'at once' ? 0 : REST);
    return () => clearTimeout(timer);
  }, [reading]);
  return html`${
    reading &&
    html`<div class="readout" aria-hidden="true" style=${place(reading, width)}>
      <p><${Prose} text=${axes.x.label || '$x$'} /> = ${formatNumber(reading.at.x)}${
        // On curves over x, how high the pointer stands says nothing.
        !ofCurves(axes) && html`, <${Prose} text=${axes.y.label || '$y$'} /> = ${formatNumber(reading.at.y)}`
      }</p>
      ${reading.rows.map(
        ({ label, text, mark }) => html`<p>
          ${'color' in mark && html`<${Swatch} mark=${mark} over=${false} />`}
          ${label && html`<span class="of"><${Prose} text=${label} /></span>`} <strong>${text}</strong></p>`,
      )}
    </div>`
  }
    <p class="unseen" role="status">${said}</p>`;
}

/** Whether a plot shows curves over x, single points on them, and nothing else. */
const ofCurves = ({ marks, frames }: Plot) =>
  marks.every((mark) => ['line', 'rule', 'band'].includes(mark.mark) || isPoint(mark)) && frames.length === 0;

const isPoint = (mark: Mark) => mark.mark === 'dots' && mark.x.length === 1;

/** Beside the point, where there is more room. */
function place({ pixel: { x, y } }: Reading, width: number) {
  const side = x > width / 2 ? { right: `${Math.round(width - x + 12)}px` } : { left: `${Math.round(x + 12)}px` };
  return {
    ...side,
    top: `${Math.round(Math.max(0, y - 14))}px`,
    maxWidth: `${Math.round(Math.max(x, width - x) - 12)}px`,
  };
}

function spoken({ at, rows }: Reading, axes: Plot) {
  const [x, y] = [plainProse(axes.x.label) || 'x', plainProse(axes.y.label) || 'y'];
  const values = rows.map(({ label, text }) => `${plainProse(label)} ${text}`.trim());
  return [`${x} ${formatNumber(at.x)}, ${y} ${formatNumber(at.y)}`, ...values].join('; ');
}
