import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exercisesOf, isNumber } from '../../app/render/exercises.ts';

/** @returns {any} */
const step = (/** @type {string} */ tex, ask = {}, /** @type {any[]} */ steps = []) => ({
  title: tex,
  tex,
  why: '',
  where: [],
  detail: 'expert',
  check: null,
  steps,
  ask: Object.keys(ask).length ? ask : undefined,
});

test('inner steps are asked before those that they lead to, and nothing twice', () => {
  const whole = { f: 'x**2*sin(x)', wrt: 'x' };
  const steps = [
    step('D = P', whole, [step('A = 2 x', { f: 'x**2', wrt: 'x' }), step('B = \\cos x', { f: 'sin(x)', wrt: 'x' })]),
    step('D = P = R', whole),
    step('R = S'),
  ];
  assert.deepEqual(
    exercisesOf(steps).map(({ left, ask }) => [left, ask?.f]),
    [
      ['A', 'x**2'],
      ['B', 'sin(x)'],
      ['D', 'x**2*sin(x)'],
    ],
  );
});

test('a step that ends in a number is asked for it', () => {
  const [found] = exercisesOf([step('s = 1 \\cdot 2 s = 8'), step('t = u')]);
  assert.deepEqual([found?.left, found?.ask, found?.value], ['s', null, 8]);
});

test('numbers are read as they are typed', () => {
  for (const [typed, value] of /** @type {[string, number][]} */ ([
    ['4.5', 4.5],
    [' 9/2 ', 4.5],
    ['−3', -3],
    ['0.3333', 1 / 3],
    ['-1e-3', -0.001],
    ['0', 0],
  ]))
    assert.ok(isNumber(typed, value), typed);
  for (const typed of ['', '4', 'x', '9/', '/2', '9/2/1', '4.51']) assert.ok(!isNumber(typed, 4.5), typed);
});
