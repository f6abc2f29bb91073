import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatNumber, tickText } from '../../app/render/number.ts';
import {
  arrows,
  contourLevels,
  dashes,
  extent,
  frame,
  heightOn,
  interpolate,
  movedInput,
  ranges,
  rasterScale,
  roundStep,
  snapped,
  wholes,
} from '../../app/render/plot/geometry.ts';

/** @param {any[]} marks @param {object} [more] @returns {any} */
const plot = (marks, more = {}) => ({
  kind: 'plot',
  marks,
  summary: '',
  title: '',
  equal: false,
  handles: [],
  x: { label: '', unit: '', domain: null, scale: 'linear' },
  y: { label: '', unit: '', domain: null, scale: 'linear' },
  ...more,
});
/** @param {number[]} x @param {number[]} y */
const line = (x, y) => ({ mark: 'line', x: Float64Array.from(x), y: Float64Array.from(y) });

test('extents leave gaps and infinities out', () => {
  assert.deepEqual(extent([Number.NaN, 2, Number.POSITIVE_INFINITY, -1]), [-1, 2]);
  assert.deepEqual(extent([Number.NaN]), []);
});

test('ranges follow the data, the domain and the marks', () => {
  const shown = ranges(plot([line([0, 1], [0, 100])]));
  assert.deepEqual(shown.x, [0, 1]);
  assert.deepEqual(shown.y, [-6, 106]);
  const asked = plot([line([0, 1], [0, 100])]);
  asked.x.domain = [-5, 5];
  assert.deepEqual(ranges(asked).x, [-5, 5]);
  assert.deepEqual(ranges(plot([])).x, [0, 1]);
});

test('a constant and a single point have a range around them', () => {
  assert.deepEqual(ranges(plot([line([3, 3], [0, 0])])).x, [1.5, 4.5]);
});

test('a logarithmic axis shows only what is positive', () => {
  const spectrum = plot([line([1, 2, 3], [0, 1e-6, 10])]);
  spectrum.y.scale = 'log';
  assert.deepEqual(ranges(spectrum).y, [1e-6, 10]);
});

test('a plot with equal axes has equal units', () => {
  for (const range of [
    { x: [0, 4], y: [0, 4] },
    { x: [0, 1], y: [0, 9] },
    { x: [0, 20], y: [0, 1.9] },
  ]) {
    const size = frame(640, /** @type {any} */ (range), true);
    const across = size.width - size.left - size.right;
    const along = size.height - size.top - size.bottom;
    const ratio =
      across / (Number(range.x[1]) - Number(range.x[0])) / (along / (Number(range.y[1]) - Number(range.y[0])));
    assert.ok(Math.abs(ratio - 1) < 0.02, `${ratio}`);
  }
});

test('steps are 1, 2 or 5 times a power of ten, and values lie on them', () => {
  assert.deepEqual([0.034, 0.7, 1, 3, 60].map(roundStep), [0.02, 0.5, 1, 2, 50]);
  assert.equal(snapped(1.23456, 0.05), 1.25);
  assert.equal(snapped(0.1 + 0.2, 0.1), 0.3);
  assert.equal(snapped(12345, 100), 12300);
});

test('the longest arrow is as long as the distance between neighbours, and points up for up', () => {
  const mark = /** @type {any} */ ({ x: [0, 1, 0, 1], y: [0, 0, 1, 1], u: [0, 1, 0, 0], v: [1, 0, 0, -2] });
  const { lengths, angles } = arrows(
    mark,
    { width: 100, height: 100, left: 0, right: 0, top: 0, bottom: 0 },
    { x: [0, 1], y: [0, 1] },
  );
  assert.deepEqual(lengths, [25, 25, 0, 50]);
  assert.deepEqual(angles, [0, 90, 0, 180]);
  const frame = { width: 100, height: 100, left: 0, right: 0, top: 0, bottom: 0 };
  const given = arrows({ ...mark, longest: 4 }, frame, { x: [0, 1], y: [0, 1] });
  assert.deepEqual(given.lengths, [12.5, 12.5, 0, 25]);
});

test('curves are followed between their points and not across gaps', () => {
  assert.equal(interpolate([0, 1, 2], [0, 10, 0], 1.5), 5);
  assert.ok(Number.isNaN(interpolate([0, 1, 2], [0, Number.NaN, 0], 1.5)));
  assert.ok(Number.isNaN(interpolate([0, 1], [0, 1], 3)));
  const two = plot([line([0, 2], [0, 2]), line([0, 2], [10, 20])]);
  assert.equal(heightOn(two, 1, 14, 2), 20);
  assert.equal(heightOn(two, 1, 1.2, 2), 2);
});

test('a handle writes its numbers into the template', () => {
  const handle = { x: 0, y: 0, input: 'at', template: 'w={x},y=2', label: '' };
  assert.equal(movedInput(handle, -1.5, 7), 'w=-1.5,y=2');
});

test('ticks are short', () => {
  assert.deepEqual([0, 0.1 + 0.2, -4e-10, 2e7, 1000].map(tickText), ['0', '0.3', '−4e−10', '2e7', '1000']);
});

test('numbers as people write them', () => {
  const written = {
    0: '0',
    16: '16',
    '-2.5': '−2.5',
    '3e-31': '3 × 10⁻³¹',
    '1e-25': '10⁻²⁵',
    123456789.5: '1.23457 × 10⁸',
  };
  for (const [number, text] of Object.entries(written)) assert.equal(formatNumber(Number(number)), text);
  assert.equal(formatNumber(Number.NaN), '–');
  assert.equal(formatNumber(Number.NEGATIVE_INFINITY), '−∞');
  assert.equal(formatNumber(2.3456, 2), '2.3');
});

test('frames share their ranges, their levels and their colours', () => {
  const surface = (/** @type {string} */ mark, /** @type {number[]} */ ...z) => ({
    ...line([0, 1], [0, 1]),
    mark,
    z: Float64Array.from(z),
    levels: [],
    filled: true,
    diverging: mark === 'raster',
  });
  const frames = [
    { at: 0, marks: [surface('contour', 0, 6), surface('raster', -1, 0)], label: '' },
    { at: 1, marks: [surface('contour', 6, 12), surface('raster', 2, 3), line([0, 5], [0, 1])], label: '' },
  ];
  const moving = plot([surface('contour', 0, 1)], { frames });
  assert.deepEqual(ranges(moving).x, [-0.5, 5]);
  assert.deepEqual(rasterScale(moving), { low: -3, high: 3, diverging: true });
  const [first, second] = frames.map(({ marks }) => contourLevels(moving, /** @type {any} */ (marks[0])));
  assert.deepEqual(first, second);
  assert.deepEqual(first?.slice(0, 3), [0, 1, 2]);
  assert.equal(contourLevels(moving, moving.marks[0])[11], 11 / 12);
});

test('after six curves strokes tell them apart', () => {
  const strokes = [0, 6, 12].flatMap((color) => [dashes({ color }), dashes({ color, dash: true })]);
  assert.deepEqual(strokes.slice(0, 2), [{}, { strokeDasharray: '5 4' }]);
  assert.equal(new Set(strokes.slice(0, 4).map(({ strokeDasharray }) => strokeDasharray)).size, 4);
});

test('few cells are shown whole, many samples end where they were taken', () => {
  const raster = (/** @type {number} */ count) => {
    const ticks = Array.from({ length: count }, (_, i) => i);
    return { ...line(ticks, ticks), mark: 'raster', z: new Float64Array(count * count) };
  };
  assert.deepEqual(ranges(plot([raster(3)])), { x: [-0.5, 2.5], y: [-0.5, 2.5] });
  assert.deepEqual(ranges(plot([raster(65)])), { x: [0, 64], y: [0, 64] });
  const halves = { ...raster(3), x: Float64Array.of(0, 0.5, 1) };
  assert.deepEqual(ranges(plot([halves])), { x: [0, 1], y: [0, 2] });
  assert.deepEqual(wholes([-0.5, 3.5], 7), [0, 1, 2, 3]);
  assert.deepEqual(wholes([-0.5, 30.5], 7), [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30]);
});
