/** Numbers of plots and tables as CSV, in full precision. No DOM. */

import type { Mark, Plot, Table } from '../generated/types';
import { plainProse } from './formula/prose_parse.ts';

export type Column = [string, ArrayLike<number>];

/** The columns of a mark; a surface has one row for each sample. */
export function columns(mark: Mark): Column[] {
  if (mark.mark === 'rule') return [['x', mark.x], ['y', mark.y]]; // biome-ignore format: a pair
  if (mark.mark === 'raster' || mark.mark === 'contour') {
    const [across, all] = [mark.x.length, Array.from(mark.z.keys())];
    return [
      ['x', all.map((i) => mark.x[i % across] ?? Number.NaN)],
      ['y', all.map((i) => mark.y[Math.floor(i / across)] ?? Number.NaN)],
      ['z', mark.z],
    ];
  }
  return ['x', 'y', 'y1', 'y2', 'u', 'v', 'when'].flatMap((name) => {
    const values = (mark as any)[name];
    return values ? [[name, values] as Column] : [];
  });
}

export function markCsv(mark: Mark) {
  const shown = columns(mark);
  const length = shown[0]?.[1].length ?? 0;
  const lines = Array.from({ length }, (_, i) => shown.map(([, values]) => cell(values[i])).join(','));
  return [shown.map(([name]) => name).join(','), ...lines].join('\n');
}

/** All marks of a plot one under another: which series, in which frame, and its numbers. */
export function plotCsv(plot: Plot) {
  const framed = (plot.frames ?? []).flatMap(({ at, marks }) => marks.map((mark) => ({ mark, at })));
  const all = [...plot.marks.map((mark) => ({ mark, at: null })), ...framed];
  const told = all.map(({ mark, at }) => ({
    name: plainProse(mark.label) || mark.mark,
    at,
    columns: new Map(columns(mark)),
  }));
  const names = [...new Set(told.flatMap(({ columns }) => [...columns.keys()]))];
  const head = ['series', ...(framed.length ? ['frame'] : []), ...names];
  const lines = told.flatMap(({ name, at, columns }) => {
    const length = Math.max(0, ...[...columns.values()].map((values) => values.length));
    const first = [cell(name), ...(framed.length ? [cell(at)] : [])];
    return Array.from({ length }, (_, i) => [...first, ...names.map((key) => cell(columns.get(key)?.[i]))].join(','));
  });
  return [head.join(','), ...lines].join('\n');
}

export function tableCsv({ columns, rows }: Table) {
  const head = columns.map(({ label, unit }) => cell(plainProse(label) + (unit ? ` (${unit})` : '')));
  const lines = rows.map((row) => row.map((value) => cell(typeof value === 'string' ? plainProse(value) : value)));
  return [head, ...lines].map((line) => line.join(',')).join('\n');
}

function cell(value: string | number | null | undefined) {
  if (value === null || value === undefined || Number.isNaN(value)) return '';
  if (typeof value === 'number') return String(value);
  // A spreadsheet would compute what begins like a formula; texts may come from a link.
  const text = /^[=+@\t\r\n-]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
