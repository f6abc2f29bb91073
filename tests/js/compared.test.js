import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparedOf, compareLink } from '../../app/visit/compared.ts';
import { decodeLink, encodeLink, triedLink } from '../../app/visit/link.ts';
import { derive } from './labs.js';

test('two questions in one address come out as they went in', async () => {
  const one = await encodeLink(derive, { f: 'a+b & c=d #1 50% (x', wrt: 'x' });
  const other = await encodeLink(derive, { f: 'sin(x) '.repeat(200) });
  assert.deepEqual(comparedOf(compareLink(one, other)), [one, other]);
  assert.equal((await decodeLink(comparedOf(compareLink(one, ''))[0], [derive]))?.inputs.f, 'a+b & c=d #1 50% (x');
  assert.deepEqual(comparedOf(compareLink('', other)), ['', other]);
});

test('what leads elsewhere than to an answer is none', () => {
  for (const hash of ['#/compare', '#/compare?a=https://example.org&b=//x', '#/compare?a=javascript:1&b='])
    assert.deepEqual(comparedOf(hash), ['', '']);
});

test('a link that asks first says so and nothing else', async () => {
  for (const inputs of /** @type {Record<string, string>[]} */ ([{ f: 'x^2' }, {}])) {
    const link = await encodeLink(derive, inputs);
    const linked = await decodeLink(triedLink(link), [derive]);
    assert.deepEqual(linked, { lab: 'derive', inputs, problems: [], tried: true });
    assert.equal((await decodeLink(link, [derive]))?.tried, undefined);
  }
});
