import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leading } from '../../app/ui/leading.ts';

const LONG = 'and so on, with words enough that nothing of it fits the line in which an answer begins';

test('a short sentence stays whole', () => {
  assert.deepEqual(leading('No. It is $2x$.'), ['No. It is $2x$.', '']);
});

test('a long answer is parted after as many sentences as fit', () => {
  const [first, rest] = leading(`No, line 11 is right. It stands. ${LONG}, ${LONG}. The end.`);
  assert.equal(first, 'No, line 11 is right. It stands.');
  assert.equal(rest, `${LONG}, ${LONG}. The end.`);
});

test('neither formulas, code, numbers nor names are parted', () => {
  const inside = '$a. B$ of `x. Y`, 0.56 of layer.T';
  const [first, rest] = leading(`${inside} ${LONG}, ${LONG}. More. Still more.`);
  assert.equal(first, `${inside} ${LONG}, ${LONG}.`);
  assert.equal(rest, 'More. Still more.');
  assert.deepEqual(leading(`${inside} ${LONG}, ${LONG}.`)[1], '');
});

test('nothing is lost', () => {
  const text = `One is so. Two of $x. Y$ differ? ${LONG}; ${LONG}. Three. Four.`;
  assert.equal(leading(text).join(' '), text);
});
