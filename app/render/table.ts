/** Tables, scrolling by themselves where they are wider than the page. */

import { useId } from 'preact/hooks';
import type { Table } from '../generated/types';
import { copy } from '../page/copy.ts';
import { html } from '../page/html.ts';
import { download, fileName, Menu } from '../page/menu.ts';
import { tableCsv } from './csv.ts';
import { Prose } from './formula/prose.ts';
import { plainProse } from './formula/prose_parse.ts';
import { formatNumber } from './number.ts';

/** The caption stands outside of what scrolls. */
export function TableView({ block }: { block: Table }) {
  const id = useId();
  const name = block.caption ? { 'aria-labelledby': id } : { 'aria-label': 'Table' };
  const title = plainProse(block.caption);
  const items = [
    { label: 'Numbers (CSV)', act: () => download(tableCsv(block), fileName(title || 'table', 'csv')) },
    { label: 'Copy as CSV', act: () => copy(tableCsv(block)).then(() => 'Copied') },
  ];
  return html`<div class="with-menu">${block.caption && html`<p class="label" id=${id}><${Prose} text=${block.caption} /></p>`}
  <div class="table" tabindex="0" role="group" ...${name}>
    <table ...${block.caption ? name : {}}>
      <thead><tr>${block.columns.map(
        (column) => html`<th scope="col" data-align=${column.align}>
          <${Prose} text=${column.label} />${column.unit && html` <span class="unit">${column.unit}</span>`}
        </th>`,
      )}</tr></thead>
      <tbody>${block.rows.map(
        (row) =>
          html`<tr>${row.map((cell, i) => html`<td data-align=${block.columns[i]?.align} data-length=${lengthOf(cell)}><${Cell} value=${cell} /></td>`)}</tr>`,
      )}</tbody>
    </table>
  </div>
  <${Menu} of=${title || 'table'} items=${items} /></div>`;
}

/** A few words stay on one line, and a sentence has room, however wide the other columns are. */
function lengthOf(cell: string | number | null) {
  if (typeof cell !== 'string' || cell.length <= 20) return 'short';
  return cell.length > 60 ? 'long' : undefined;
}

function Cell({ value }: { value: string | number | null }) {
  if (typeof value === 'string') return html`<${Prose} text=${value} />`;
  return value === null ? '–' : formatNumber(value);
}
