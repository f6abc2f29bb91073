import assert from 'node:assert/strict';
import { test } from 'node:test';
import { panned, zoomed } from '../../app/render/plot/geometry.ts';
import { placedInput, pointsAt, readAt, roundedTo, surfaceAt } from '../../app/render/plot/read.ts';

const floats = (/** @type {number[]} */ ...values) => Float64Array.from(values);
const plane = { mark: 'raster', label: 'z', x: floats(0, 1, 2), y: floats(0, 1), z: floats(0, 1, 2, 10, 11, 12) };
/** @param {any[]} marks @param {object} [more] @returns {any} */
const plot = (marks, more = {}) => ({
  marks: marks.map((mark) => ({ label: '', color: 0, ...mark })),
  frames: [],
  ...more,
});
/** A hundred pixels a unit. @param {{x: number, y: number}} point */
const pixel = ({ x, y }) => ({ x: 100 * x, y: 100 * y });
/** @param {any} block @param {number} x @param {number} y @param {number} [time] */
const texts = (block, x, y, time) => readAt(block, { x, y }, pixel, time).map(({ text }) => text);

test('a surface is linear between its samples and ends half a cell beyond them', () => {
  assert.equal(surfaceAt(plane, 0.5, 0.5), 5.5);
  assert.equal(surfaceAt(plane, 2, 1), 12);
  assert.equal(surfaceAt(plane, 2.4, 1.4), 12);
  assert.ok(Number.isNaN(surfaceAt(plane, 2.6, 0)));
  const holed = { ...plane, z: floats(0, 1, Number.NaN, 10, 11, 12) };
  assert.equal(surfaceAt(holed, 1, 0), 1, 'a sample is known whatever stands beside it');
  assert.ok(Number.isNaN(surfaceAt(holed, 1.5, 0)));
});

test('every mark under a point tells its value', () => {
  const line = { mark: 'line', x: floats(0, 2), y: floats(0, 2) };
  const dots = { mark: 'dots', x: floats(1, 5), y: floats(1, 5) };
  const vectors = { mark: 'vectors', x: floats(0, 1), y: floats(0, 1), u: floats(1, 3), v: floats(0, 4) };
  assert.deepEqual(texts(plot([line]), 1.5, 0), ['1.5']);
  assert.deepEqual(texts(plot([dots]), 1.1, 1), ['(1, 1)']);
  assert.deepEqual(texts(plot([dots]), 1.3, 1), []);
  assert.deepEqual(texts(plot([vectors]), 0.9, 0.9), ['(3, 4), length 5']);
  assert.deepEqual(texts(plot([plane, line]), 1, 0.5), ['6'], 'a curve over a field only where it is near');
  assert.deepEqual(texts(plot([plane, line]), 1, 0.95), ['10.5', '1']);
  const field = plot([plane]);
  assert.deepEqual(readAt(field, { x: 0, y: 0 }, pixel), [{ label: 'z', text: '0', mark: field.marks[0] }]);
});

test('every curve over x has a point at an x, as far as it has come; other marks have none', () => {
  const line = { mark: 'line', x: floats(0, 2), y: floats(0, 4) };
  const growing = { ...line, y: floats(1, 1), when: floats(0, 5) };
  const loop = { mark: 'line', x: floats(0, 1, 0), y: floats(0, 1, 2) };
  const block = plot([line, growing, loop, plane]);
  assert.deepEqual(
    pointsAt(block, 1, 9).map(({ y, mark }) => [y, block.marks.indexOf(mark)]),
    [
      [2, 0],
      [1, 1],
    ],
  );
  assert.equal(pointsAt(block, 1, 2).length, 1);
  assert.deepEqual(pointsAt(block, 3, 9), []);
});

test('what has not come yet is not read', () => {
  const when = floats(0, 1, 2);
  const line = { mark: 'line', x: floats(0, 1, 2), y: floats(5, 6, 7), when };
  assert.deepEqual(texts(plot([line]), 1.5, 0, 2), ['6.5']);
  assert.deepEqual(texts(plot([line]), 1.5, 0, 1), []);
  const frames = [
    { at: 0, marks: [{ ...plane, color: 0 }] },
    { at: 1, marks: [{ ...plane, z: floats(7, 7, 7, 7, 7, 7), color: 0 }] },
  ];
  assert.deepEqual(
    [0.5, 1].flatMap((time) => texts(plot([], { frames }), 0, 0, time)),
    ['0', '7'],
  );
});

test('a placed point fills the template, and has as many digits as pixels tell apart', () => {
  const point = { x: 1.5, y: -2 };
  assert.equal(placedInput('{x}, {y}', point, 'old'), '1.5, -2');
  assert.equal(placedInput('{value}; {x},{y}', point, '0,0 '), '0,0; 1.5,-2');
  assert.equal(placedInput('{value}; {x},{y}', point, ''), '1.5,-2');
  assert.equal(placedInput('{value}\n{x} {y}', point, '{x}'), '{x}\n1.5 -2');
  assert.equal(roundedTo(1.23456, [0, 4], 500, 'linear'), 1.235);
  assert.equal(roundedTo(0.0123456, [1e-3, 1], 500, 'log'), 0.0123);
});

test('zooming keeps its centre where it is, and stays inside', () => {
  assert.deepEqual(zoomed([0, 10], 2, 0.5, [0, 10], 'linear'), [1, 6]);
  assert.equal(zoomed([1, 6], 2, 4, [0, 10], 'linear'), null);
  assert.deepEqual(zoomed([0, 4], 0, 1.5, [0, 10], 'linear'), [0, 6]);
  const [low, high] = zoomed([1, 1e4], 100, 0.5, [1, 1e4], 'log') ?? [];
  assert.ok(Math.abs(Number(low) - 10) < 1e-9 && Math.abs(Number(high) - 1000) < 1e-9);
  assert.deepEqual(panned([2, 4], 0.5, [0, 10], 'linear'), [3, 5]);
  assert.deepEqual(panned([8, 10], 0.5, [0, 10], 'linear'), [8, 10]);
});
