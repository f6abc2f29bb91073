import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileName } from '../../app/page/menu.ts';
import { markCsv, plotCsv, tableCsv } from '../../app/render/csv.ts';
import { texText } from '../../app/render/formula/tex_text.ts';

const line = {
  mark: 'line',
  label: 'loss, $\\eta$',
  x: Float64Array.of(0, 1),
  y: Float64Array.of(0.1 + 0.2, Number.NaN),
};
const raster = { mark: 'raster', label: '', x: [0, 1], y: [5], z: Float64Array.of(7, 8) };

test('a plot is one table, in full precision, gaps empty', () => {
  const plot = /** @type {any} */ ({ marks: [line], frames: [{ at: 3, marks: [raster] }] });
  assert.equal(
    plotCsv(plot),
    'series,frame,x,y,z\n"loss, \\eta",,0,0.30000000000000004,\n"loss, \\eta",,1,,\nraster,3,0,5,7\nraster,3,1,5,8',
  );
  assert.equal(plotCsv(/** @type {any} */ ({ marks: [line] })).split('\n')[0], 'series,x,y');
  assert.equal(markCsv(/** @type {any} */ (line)), 'x,y\n0,0.30000000000000004\n1,');
});

test('a table keeps its units and its digits; what looks like a formula of a spreadsheet is text', () => {
  const columns = [
    { label: 'name', unit: '', align: 'left' },
    { label: '$f$', unit: 'Hz', align: 'right' },
  ];
  const rows = [
    ['say "a", **b**', 1 / 3],
    ['=1+1', null],
    ['-2', -2],
    ['-x', Number.NaN],
    ['\r=1+1', 1],
  ];
  assert.equal(
    tableCsv(/** @type {any} */ ({ columns, rows })),
    'name,f (Hz)\n"say ""a"", b",0.3333333333333333\n\'=1+1,\n-2,-2\n\'-x,\n"\'\r=1+1",1',
  );
});

test('short formulas can be said in plain text', () => {
  const said = {
    '\\nabla\\cdot V': '∇·V',
    'x^2 + y_{10}': 'x² + y₁₀',
    '\\frac{\\partial f}{\\partial x}': '∂f/∂x',
    '\\mathrm{loss}\\left(w\\right)': 'loss(w)',
    '10^{-3}': '10⁻³',
  };
  for (const [tex, text] of Object.entries(said)) assert.equal(texText(tex), text);
});

test('files have names that every system takes', () => {
  assert.equal(fileName('Größe: the loss/time?', 'png'), 'nabla-große-the-loss-time.png');
  assert.equal(fileName('', 'csv'), 'nabla.csv');
});
