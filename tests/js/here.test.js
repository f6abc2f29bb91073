import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answersHere } from '../../app/visit/here.ts';
import { encodeLink } from '../../app/visit/link.ts';
import { asking, derive } from './labs.js';

const code = `${'w = 1.5\n'.repeat(80)}print(w)\n`;
const gallery = [
  { question: 'Why is it 16?', lab: 'derive', link: '#/derive?f=(w*x-y)^2&wrt=w' },
  { question: 'A cube', lab: 'derive', link: '#/derive?f=x^3' },
  { question: 'A long text', lab: 'derive', link: await encodeLink(derive, { f: code }) },
];
const here = (/** @type {string} */ text) => answersHere(text, [derive, asking], gallery);

test('an address of this page is its own answer, wherever the page stands', async () => {
  assert.equal(await here('https://example.org/nabla/#/derive?f=u^3&wrt=u'), '#/derive?f=u^3&wrt=u');
  assert.equal(await here(' #/ask?q=x%20y '), '#/ask?q=x%20y');
  assert.equal(await here('#/integrate?f=x'), '');
  assert.equal(await here('see #/derive?f=x'), '');
});

test('a question of the gallery, in its words or as its only input, has an answer', async () => {
  assert.equal(await here('why is  it 16?\n'), '#/derive?f=(w*x-y)^2&wrt=w');
  assert.equal(await here('x^3'), '#/derive?f=x^3');
  assert.equal(await here(code), gallery[2]?.link);
});

test('every other text has to be read', async () => {
  assert.equal(await here('(w*x-y)^2'), '', 'the question of the gallery has a second input');
  assert.equal(await here('x^3 + 1'), '');
  assert.equal(await here(''), '');
});
