import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pieces } from '../../app/ui/underlined.ts';

/** @param {[number, number] | null} span @param {string} [alternative] */
const remark = (span, alternative = 'x') => ({ code: '', message: '', span, alternative });

test('the places with another reading are marked, counted as Python counts', () => {
  assert.deepEqual(pieces('𝑥 + sin x^2', [remark([4, 11])]), [
    { text: '𝑥 + ', marked: false },
    { text: 'sin x^2', marked: true },
  ]);
  assert.deepEqual(pieces('1/2x + 1/3y', [remark([0, 4]), remark([7, 11])]), [
    { text: '1/2x', marked: true },
    { text: ' + ', marked: false },
    { text: '1/3y', marked: true },
  ]);
});

test('what has no other reading is not marked', () => {
  assert.deepEqual(pieces('e^x', [remark([0, 1], ''), remark(null)]), [{ text: 'e^x', marked: false }]);
  assert.deepEqual(pieces('', [remark([0, 1])]), []);
});
