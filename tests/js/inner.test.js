import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coloured } from '../../app/render/inner.ts';

/** @param {string} tex what is coloured, in angle brackets @param {string[]} inner */
function check(tex, inner) {
  const plain = tex.replaceAll(/[⟨⟩]/g, '');
  assert.equal(coloured(plain, inner, 2), tex.replaceAll('⟨', '\\htmlClass{inner-2}{').replaceAll('⟩', '}'));
}

test('the inner function is coloured wherever it stands as one', () => {
  check(
    String.raw`\frac{\partial}{\partial w} \left(⟨w x - y⟩\right)^{2} = 2 \left(⟨w x - y⟩\right) \cdot \frac{\partial}{\partial w} \left(⟨w x - y⟩\right)`,
    ['w x - y', 'u'],
  );
  check(
    String.raw`\frac{\mathrm{d}}{\mathrm{d} x} \sin{\left(⟨x^{2}⟩ \right)} = \cos{\left(⟨x^{2}⟩ \right)} \cdot \frac{\mathrm{d}}{\mathrm{d} x} ⟨x^{2}⟩ = 2 x \cos{\left(⟨x^{2}⟩ \right)}`,
    ['x^{2}', 'u'],
  );
  check(String.raw`e^{⟨- \frac{x^{2}}{2}⟩}`, [String.raw`- \frac{x^{2}}{2}`, 'u']);
  check('⟨u⟩ = ⟨2 x⟩', ['2 x', 'u']);
});

test('what only looks like it is not', () => {
  check(String.raw`2 x \sin{\left(⟨2 x⟩ \right)} + 12 x^{2}`, ['2 x', 'u']);
  check(String.raw`\frac{\mathrm{d}}{\mathrm{d} ⟨u⟩} ⟨u⟩^{2} = 2 ⟨u⟩ + u_{1} + \mu + \ln{(\text{mu})}`, ['x^{2}', 'u']);
});

test('without a chain, and with many', () => {
  assert.equal(coloured('x^{2}', [], 0), 'x^{2}');
  assert.equal(coloured('u', ['x', 'u'], 4), '\\htmlClass{inner-1}{u}');
});
