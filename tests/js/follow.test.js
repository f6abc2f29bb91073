import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followsHandle, tangentAt } from '../../app/render/plot/follow.ts';

const line = (/** @type {(x: number) => number} */ f, color = 0) => {
  const x = Float64Array.from({ length: 201 }, (_, i) => -2 + i / 50);
  return { mark: 'line', x, y: x.map(f), label: '', color, dash: false, when: null };
};
const point = (/** @type {number} */ x) => ({ mark: 'dots', x: Float64Array.of(x), y: Float64Array.of(1), when: null });

/** @type {any} */
const plot = {
  marks: [line((x) => x ** 3), line((x) => 3 * x ** 2, 1), line((x) => x, 2), point(1), point(0.5)],
  handles: [{ x: 1, y: 1, input: 'at', template: 'x={x}', label: 'x', touches: [0, 1, 2] }],
};

test('the tangent of a moved point comes from the curves that are there', () => {
  for (const x of [-1.5, -0.31, 0, 0.77, 2]) {
    const found = tangentAt(plot, plot.handles[0], x);
    assert.ok(Math.abs((found?.y ?? Number.NaN) - x ** 3) < 1e-3);
    assert.ok(Math.abs((found?.slope ?? Number.NaN) - 3 * x ** 2) < 1e-3);
  }
  assert.equal(tangentAt(plot, plot.handles[0], 5), null);
});

test('the tangent and the points at the handle follow it, curves and other points stay', () => {
  assert.deepEqual(
    plot.marks.map((/** @type {any} */ _, /** @type {number} */ i) => followsHandle(plot, i)),
    [false, false, true, true, false],
  );
  const other = { ...plot, handles: [{ ...plot.handles[0], touches: undefined }] };
  assert.ok(!plot.marks.some((/** @type {any} */ _, /** @type {number} */ i) => followsHandle(other, i)));
});
