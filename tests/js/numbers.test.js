import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assigned, dragged, markedNumbers, numberIn, reachOf } from '../../app/ui/numbers.ts';

/** @param {string} tex @param {[string, number, string][]} numbers @returns {any} */
const sentence = (tex, numbers) => ({
  text: '',
  tex,
  numbers: numbers.map(([name, value, input]) => ({ name, value, input })),
});

test('numbers that stand in an input are marked where they are written, others are left alone', () => {
  const tex = String.raw`$16 = 2 x$ at $w = 3,\; x_{1} = -0.5$ and $\theta = 3.25$`;
  const marked = markedNumbers(
    sentence(tex, [
      ['value', 16, ''],
      ['w', 3, 'at'],
      ['x_1', -0.5, 'at'],
      ['theta', 3, 'at'],
    ]),
  );
  assert.equal(
    marked,
    String.raw`$16 = 2 x$ at $w = \htmlClass{given-0}{3},\; x_{1} = \htmlClass{given-1}{-0.5}$ and $\theta = 3.25$`,
  );
});

test('a number keeps the digits of its steps, and comes back to where it was', () => {
  for (const value of [3, -2, 0, 0.25, 12, 1500, 1e-4]) {
    assert.equal(dragged(value, 3), value);
    const far = dragged(value, 400);
    assert.ok(far > value);
    assert.ok(String(far).length <= String(value).length + 3, `${far}`);
  }
  assert.deepEqual([dragged(3, 4), dragged(3, -40), dragged(0.25, 8)], [3.1, 2, 0.27]);
});

test('a slider reaches beyond its number, and keeps its ends while it holds it', () => {
  assert.deepEqual(
    [0, 3, -4, 12, 1500].map((value) => reachOf(value, 0)),
    [5, 5, 10, 20, 5000],
  );
  assert.deepEqual([reachOf(3, 20), reachOf(-20, 20), reachOf(21, 20)], [20, 20, 50]);
});

test('only the value of the name is changed, however the assignments are written', () => {
  for (const [text, wanted] of [
    ['w=3,x=2', 'w=1.5,x=2'],
    ['x=2; w = 3', 'x=2; w = 1.5'],
    ['yw=3, w=pi/4', 'yw=3, w=1.5'],
    ['x=2', 'x=2, w=1.5'],
    ['', 'w=1.5'],
  ])
    assert.equal(assigned(text ?? '', 'w', 1.5), wanted);
  assert.deepEqual(
    ['w=3,x=2', 'x=2; w = -0.5', 'yw=3', 'w=pi/4', ''].map((text) => numberIn(text, 'w')),
    [3, -0.5, null, null, null],
  );
});
