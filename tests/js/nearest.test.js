import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from '../../app/ui/nearest.ts';

const known = [
  { question: 'Why does Newton-CG raise an IndexError?', answer: 'The Jacobian begins with a scalar.' },
  { question: 'What is the derivative of a quotient?', answer: 'By the quotient rule.' },
  { question: 'Why is the gradient None?', answer: 'The tensor is no leaf.' },
  { question: 'How do I fit two sinusoids?', answer: 'By their frequencies.' },
];

test('what shares rare words comes first', () => {
  assert.equal(nearest('My Newton-CG has a problem with its Jacobian', known, 2)[0], known[0]);
  assert.deepEqual(nearest('the frequency of my sinusoid', known, 1), [known[3]]);
});

test('what shares nothing is not offered, and no more than asked for', () => {
  assert.deepEqual(nearest('Где мой кот', known, 3), []);
  assert.equal(nearest('why is the derivative of the gradient none', known, 2).length, 2);
});
