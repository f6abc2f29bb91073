import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeBlock, decodeDocument, plainJson } from '../../app/engine/protocol.ts';
import { excerpt } from '../../app/ui/caret.ts';
import { answerState, initialState } from '../../app/visit/state.ts';
import { derive } from './labs.js';

const numbers = Float64Array.of(9, 1, 2, Number.NaN, 4, Number.POSITIVE_INFINITY);

test('arrays of a fresh answer and of a stored one become the same', () => {
  const wired = { kind: 'plot', marks: [{ mark: 'raster', x: { $f64: [1, [2]] }, z: { $f64: [2, [2, 2]] } }] };
  const stored = {
    kind: 'plot',
    marks: [
      {
        mark: 'raster',
        x: [1, 2],
        z: [
          [2, null],
          [4, 'inf'],
        ],
      },
    ],
  };
  const z = Float64Array.of(2, Number.NaN, 4, Number.POSITIVE_INFINITY);
  for (const block of [decodeBlock(wired, numbers), decodeBlock(stored)]) {
    const mark = /** @type {any} */ (block).marks[0];
    assert.deepEqual(mark.x, Float64Array.of(1, 2));
    assert.deepEqual(mark.z, z);
  }
});

test('a document whose numbers are missing is not drawn as if they were zero', () => {
  const data = { blocks: [{ kind: 'plot', marks: [{ mark: 'line', x: { $f64: [0, [1]] } }] }] };
  assert.throws(() => decodeDocument(data), /numbers/);
});

test('plain JSON has nested lists, null for NaN', () => {
  const text = JSON.stringify({ document: { a: { $f64: [2, [2, 2]] }, b: [1] } });
  assert.deepEqual(plainJson(text, numbers), {
    document: {
      a: [
        [2, null],
        [4, 'inf'],
      ],
      b: [1],
    },
  });
});

test('the answer says which state it is in', () => {
  const start = initialState(derive);
  const document = /** @type {any} */ ({ blocks: [] });
  const answered = { ...start, document, answered: start.inputs };
  assert.equal(answerState(start), 'empty');
  assert.equal(answerState({ ...start, busy: true }), 'loading');
  assert.equal(answerState(answered), 'answered');
  assert.equal(answerState({ ...answered, busy: true }), 'stale');
  assert.equal(answerState({ ...answered, inputs: { f: 'x' } }), 'stale');
  assert.equal(answerState({ ...answered, fault: { message: '', trace: '' } }), 'error');
});

test('the caret stands under the character, however letters are stored', () => {
  assert.deepEqual(excerpt('𝑥 + )', [4, 5]), { line: 1, before: '𝑥 + ', fault: ')', after: '' });
  assert.deepEqual(excerpt('2+', [2, 2]), { line: 1, before: '2+', fault: '', after: '' });
  assert.deepEqual(excerpt('a\nb ? c\nd', [4, 5]), { line: 2, before: 'b ', fault: '?', after: ' c' });
  const long = excerpt('x'.repeat(200), [100, 101]);
  assert.equal(long.before, `…${'x'.repeat(32)}`);
  assert.equal(long.after, `${'x'.repeat(32)}…`);
});
