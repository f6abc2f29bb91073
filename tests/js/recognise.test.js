import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createRecogniser } from '../../app/question/recognise.js';

/** @param {string} path */
const json = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const rules = json('../../app/generated/signs.json');
const { labs } = json('../../app/generated/schema.json');
const { recognise } = createRecogniser(rules, labs);
/** @type {{text: string[], kind: string, lab: string, inputs: Record<string, string | string[]>}[]} */
const cases = json('../questions.json');

/** @param {string | string[]} text */
const joined = (text) => (Array.isArray(text) ? text.join('\n') : text);

for (const { text, kind, lab, inputs } of cases) {
  test(`recognised: ${JSON.stringify(joined(text).slice(0, 60))}`, () => {
    const found = recognise(joined(text));
    const wanted = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, joined(value)]));
    // A link is read where all links are, by app/visit/link.js.
    if (kind === 'link') assert.deepEqual([found.kind, found.lab, found.link[0]], [kind, lab, '#']);
    else assert.deepEqual([found.kind, found.lab, found.inputs], [kind, lab, wanted]);
  });
}

test('a text is read for another lab on request', () => {
  assert.deepEqual(recognise('(w*x-y)^2', 'descend').inputs, { f: '(w*x-y)^2' });
  assert.deepEqual(recognise('hello\nworld', 'derive').inputs, { f: 'hello; world' });
  assert.deepEqual(recognise('hello\nworld', 'fit').inputs, { data: 'hello\nworld' });
});

test('other labs that could read it are named, the likeliest first', () => {
  assert.deepEqual(recognise('minimize x^2 + y^2').others, ['derive']);
});

export const HOSTILE = {
  'one long word': 'a'.repeat(300_000),
  'one long number': '9'.repeat(300_000),
  brackets: '('.repeat(300_000),
  'nested brackets': '['.repeat(150_000) + ']'.repeat(150_000),
  spaces: `x${' '.repeat(300_000)}y`,
  'empty lines': `x${'\n'.repeat(300_000)}y`,
  commas: '1,'.repeat(150_000),
  assignments: 'x = '.repeat(75_000),
  'assignments in lines': 'x = 1\n'.repeat(50_000),
  'derivative signs': 'd/dx '.repeat(60_000),
  'derivatives of derivatives': 'derivative of the '.repeat(16_000),
  fractions: '\\frac{d}{dx} '.repeat(23_000),
  claims: 'I get the the '.repeat(21_000),
  'claims by hand': 'by hand x '.repeat(30_000),
  dollars: '$x'.repeat(150_000),
  ticks: '`x'.repeat(150_000),
  fences: '```\nx\n'.repeat(50_000),
  dots: 'a.b.'.repeat(75_000),
  'dots in lines': 'a.b.c.d.e.f.g.h\n'.repeat(1900),
  words: 'lorem ipsum dolor '.repeat(16_000),
  'wide lines': `${'word, '.repeat(150)}\n`.repeat(330),
  prompts: '>>> x\n'.repeat(1900),
  quotes: '"'.repeat(300_000),
  minus: '-'.repeat(300_000),
  'points in a line': 'x=1,'.repeat(75_000),
  starts: 'start guess initial '.repeat(15_000),
  heads: `${'a '.repeat(19)}\n1 2\n`.repeat(900),
  data: '0.123, 4.567\n'.repeat(23_000),
  program: 'x = torch.tensor([1.0, 2.0])\n'.repeat(10_000),
};

for (const [name, text] of Object.entries(HOSTILE)) {
  // A pattern that tries everything again and again would stand still for minutes.
  test(`a text of 300 kB does not stop the page: ${name}`, { timeout: 20_000 }, () => {
    assert.ok(['unknown', 'lab', 'unsure'].includes(recognise(text).kind));
  });
}
