import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted, keepStreak, linkOf, readStreak, seedsOf, taskOf } from '../../app/visit/practice.ts';

const known = { rules: { chain: 'the chain rule', power: 'the power rule' }, levels: [1, 2, 3] };

test('an address of practice and its task say the same', () => {
  for (const task of [
    { rule: 'power', level: 3, seed: 999999, sheet: 0, test: false },
    { rule: 'chain', level: 1, seed: 7, sheet: 40, test: true },
  ])
    assert.deepEqual(taskOf(linkOf(task), known), task);
});

test('what an address says wrongly is that of the first exercise', () => {
  const first = { rule: 'chain', level: 1, seed: 1, sheet: 0, test: false };
  for (const query of ['', '?', '?rule=toString&level=0&seed=-1&sheet=1e9', '?level=9&seed=0&sheet=41&test=yes'])
    assert.deepEqual(taskOf(`#/practice${query}`, known), first);
});

test('a worksheet has as many seeds as exercises, and begins anew after the last', () => {
  assert.deepEqual(seedsOf({ rule: 'chain', level: 1, seed: 999998, sheet: 4, test: false }), [999998, 999999, 1, 2]);
});

test('a streak grows by what is solved alone, and outlives the visit', () => {
  /** @type {Record<string, string>} */
  const kept = {};
  const storage = {
    getItem: (/** @type {string} */ key) => kept[key] ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ text) => {
      kept[key] = text;
    },
  };
  let streak = readStreak(storage);
  for (const solved of [true, true, false, true]) streak = counted(streak, solved);
  assert.deepEqual(streak, { now: 1, best: 2 });
  keepStreak(storage, streak);
  assert.deepEqual(readStreak(storage), streak);
});

test('what lies in the storage is not trusted', () => {
  for (const text of ['', '{', 'null', '[]', '{"now":-1,"best":"9"}', '{"now":1.5}'])
    assert.deepEqual(readStreak({ getItem: () => text, setItem() {} }), { now: 0, best: 0 });
  assert.deepEqual(readStreak(null), { now: 0, best: 0 });
});
