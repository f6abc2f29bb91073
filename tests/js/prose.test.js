import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseProse, plainProse } from '../../app/render/formula/prose_parse.ts';

/** @param {string} text */
const text = (text) => ({ type: 'text', text });

/** @type {[string, unknown[]][]} */
const cases = [
  ['', []],
  ['plain', [text('plain')]],
  ['at $x = 1$ it', [text('at '), { type: 'math', text: 'x = 1' }, text(' it')]],
  [
    '`a*b` and **no $u$**',
    [
      { type: 'code', text: 'a*b' },
      text(' and '),
      { type: 'strong', pieces: [text('no '), { type: 'math', text: 'u' }] },
    ],
  ],
  ['\\$5 and \\`x\\` and 2\\*x and \\\\', [text('$5 and `x` and 2*x and \\')]],
  ['$\\frac{a}{b}$', [{ type: 'math', text: '\\frac{a}{b}' }]],
  ['$\\text{costs \\$5}$', [{ type: 'math', text: '\\text{costs \\$5}' }]],
  ['costs $5', [text('costs $5')]],
  ['a ` b', [text('a ` b')]],
  ['a ** b', [text('a ** b')]],
  ['a ** $b$', [text('a ** '), { type: 'math', text: 'b' }]],
  ['<b>&amp;</b>', [text('<b>&amp;</b>')]],
];

for (const [prose, pieces] of cases) {
  test(`prose: ${prose}`, () => {
    assert.deepEqual(parseProse(prose), pieces);
  });
}

test('prose without its marks', () => {
  assert.equal(plainProse('The `diff` of **$x$** is \\$1'), 'The diff of x is $1');
});
