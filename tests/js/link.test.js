import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { decodeLink, encodeLink } from '../../app/visit/link.ts';
import { asking, derive } from './labs.js';

const lines = readFileSync(new URL('links.txt', import.meta.url), 'utf8').split('\n');

for (const line of lines.filter((line) => line.includes('\t') && !line.startsWith('# '))) {
  const [address = '', state = ''] = line.split('\t');
  test(`published: ${address}`, async () => {
    const wanted = JSON.parse(state);
    const linked = await decodeLink(address, [derive, asking]);
    const given = linked && { lab: linked.lab, inputs: linked.inputs, problems: linked.problems.length };
    assert.deepEqual(given, wanted && { problems: 0, ...wanted });
  });
}

/** @param {Record<string, string>} inputs */
async function there_and_back(inputs) {
  const link = await encodeLink(derive, inputs);
  return { link, linked: await decodeLink(link, [derive]) };
}

test('a link is as a person would type it', async () => {
  const inputs = { f: '(w*x-y)^2', wrt: 'w', at: 'w=3,x=2,y=2', detail: 'normal' };
  assert.equal(await encodeLink(derive, inputs), '#/derive?f=(w*x-y)^2&wrt=w&at=w=3,x=2,y=2');
});

test('defaults are left out, emptied defaults are not', async () => {
  assert.equal(await encodeLink(derive, { f: '', detail: 'normal' }), '#/derive');
  assert.equal(await encodeLink(derive, { detail: '' }), '#/derive?detail=');
});

const awkward = [
  'sin(x)', // a bracket at the end is left out by programs that find links
  '(x',
  'x)(',
  'x**2*y', // two stars are emphasis in Markdown
  '2x sin x',
  'a & b = c # d % e + f',
  'x_1*x_2',
  '\\frac{a}{b}',
  '|x|',
  '"<x>"',
  "f'",
  'x!',
  'x,',
  'z1.5',
  'z12.x',
  '√π · ∂ᵢ 𝑥 👍',
  '\ud800 alone',
  'import torch\nx = torch.ones(2, 2)\n',
];

for (const f of awkward) {
  test(`there and back: ${JSON.stringify(f)}`, async () => {
    const { link, linked } = await there_and_back({ f, at: f });
    assert.deepEqual(linked?.problems, []);
    assert.equal(linked?.inputs.f, f.toWellFormed());
    assert.equal(linked?.inputs.at, f.toWellFormed());
    assert.match(link, /^#\/[^\s<>"`{}|\\[\]']*[\w=/-]$/);
  });
}

test('a bracket that closes around a link stays outside of it', async () => {
  const { link } = await there_and_back({ f: 'sin(x)' });
  assert.equal(link, '#/derive?f=sin%28x%29');
});

test('long values are packed and come back', async () => {
  const f = Array.from({ length: 300 }, (_, i) => `${i}, ${Math.sin(i).toFixed(6)}`).join('\n');
  const { link, linked } = await there_and_back({ f });
  assert.match(link, /\?f=z1\.[\w-]+$/);
  assert.ok(link.length < f.length);
  assert.equal(linked?.inputs.f, f);
});

test('a packed value that would fill the memory is refused', async () => {
  const bytes = new Blob(['0'.repeat(50_000_000)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const packed = Buffer.from(await new Response(bytes).arrayBuffer()).toString('base64url');
  const linked = await decodeLink(`#/derive?f=z1.${packed}`, [derive]);
  assert.match(linked?.problems[0] ?? '', /too long/);
});

test('what is wrong is said with its place', async () => {
  const linked = await decodeLink('#/derive?f=10%zz*x', [derive]);
  assert.match(linked?.problems[0] ?? '', /“%zz\*x”.*hexadecimal/);
  const unknown = await decodeLink('#/integrate', [derive]);
  assert.match(unknown?.problems[0] ?? '', /“integrate”.*derive/);
});

test('links have bounds, and of many problems five are told', async () => {
  const many = await decodeLink(`#/derive?${Array.from({ length: 20_000 }, (_, i) => `a${i}=1`).join('&')}`, [derive]);
  assert.equal(many?.problems.length, 6);
  assert.match(many?.problems[0] ?? '', /more than 100 values/);
  assert.match(many?.problems[5] ?? '', /96 more problems/);
  const long = await decodeLink(`#/derive?f=${'x'.repeat(2_100_000)}`, [derive]);
  assert.deepEqual(long?.problems, ['This link is too long to be read.']);
  const name = await decodeLink(`#/derive?${'n'.repeat(5000)}=1`, [derive]);
  assert.ok((name?.problems[0]?.length ?? 0) < 300);
});

test('packed values share one bound, however many there are', async () => {
  const bytes = deflateRawSync(Buffer.alloc(1_500_000, 'a')).toString('base64url');
  const linked = await decodeLink(`#/derive?f=z1.${bytes}&wrt=z1.${bytes}`, [derive]);
  assert.equal(linked?.inputs.f?.length, 1_500_000);
  assert.equal(linked?.inputs.wrt, '');
  assert.match(linked?.problems[0] ?? '', /too long/);
  const bomb = deflateRawSync(Buffer.alloc(200_000_000)).toString('base64url');
  const { arrayBuffers } = process.memoryUsage();
  const refused = await decodeLink(`#/derive?f=z1.${bomb}`, [derive]);
  assert.match(refused?.problems[0] ?? '', /too long/);
  assert.ok(process.memoryUsage().arrayBuffers - arrayBuffers < 50e6);
});
