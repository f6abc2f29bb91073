/** Tables, scrolling by themselves where they are wider than the page. */

import { html } from '../ui/html.js';
import { formatNumber } from './number.js';
import { Prose } from './prose.js';

/** @typedef {import('../generated/types').Table} Table */

/** @param {{block: Table}} props */
export function TableView({ block }) {
  return html`<div class="table" tabindex="0" role="group" aria-label=${block.caption || 'Table'}>
    <table>
      ${block.caption && html`<caption><${Prose} text=${block.caption} /></caption>`}
      <thead><tr>${block.columns.map(
        (column) => html`<th scope="col" data-align=${column.align}>
          <${Prose} text=${column.label} />${column.unit && html` <span class="unit">${column.unit}</span>`}
        </th>`,
      )}</tr></thead>
      <tbody>${block.rows.map(
        (row) =>
          html`<tr>${row.map((cell, i) => html`<td data-align=${block.columns[i]?.align}><${Cell} value=${cell} /></td>`)}</tr>`,
      )}</tbody>
    </table>
  </div>`;
}

/** @param {{value: string | number | null}} props */
function Cell({ value }) {
  if (typeof value === 'string') return html`<${Prose} text=${value} />`;
  return value === null ? '–' : formatNumber(value);
}
