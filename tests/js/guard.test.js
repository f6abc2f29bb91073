import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkedMessage, checkedShown, Refused } from '../../app/cell/guard.ts';
import shapes from '../../app/generated/shapes.json' with { type: 'json' };

const golden = fileURLToPath(new URL('../golden', import.meta.url));
const empty = { title: null, lab: null, inputs: {}, warnings: [], answer: null, data: null, blocks: [] };
const axis = { label: '', unit: '', domain: null, scale: 'linear' };
const line = {
  mark: 'line',
  x: { $f64: [0, [2]] },
  y: { $f64: [2, [2]] },
  label: '',
  color: 0,
  dash: false,
  when: null,
};
const plot = {
  ...{ kind: 'plot', marks: [line], summary: '', x: axis, y: axis, title: '', equal: false },
  ...{
    handles: [{ x: 1, y: 1, input: 'at', template: 'x={x}', label: '' }],
    placing: null,
    timeline: null,
    frames: [],
  },
};

/** @param {any[]} blocks @param {Float64Array | null} [numbers] */
const shown = (blocks, numbers = new Float64Array(4)) => checkedShown(JSON.stringify({ ...empty, blocks }), numbers);

test('the table of numbers in what is shown is a text of bounded length', () => {
  const withData = (/** @type {unknown} */ data) => checkedShown(JSON.stringify({ ...empty, data }), null);
  assert.equal(withData('x,y\n1,2').data, 'x,y\n1,2');
  for (const data of [1, ['x'], { x: 1 }, 'x'.repeat(200_001)]) assert.throws(() => withData(data), Refused);
});

/** The fields that hold arrays, by mark. @type {Record<string, string[]>} */
const arrays = Object.fromEntries(
  Object.entries(shapes.marks).map(([mark, name]) => {
    const fields = Object.entries(/** @type {Record<string, any>} */ (shapes.parts)[name]);
    return [mark, fields.filter(([, shape]) => JSON.stringify(shape).includes('"array"')).map(([field]) => field)];
  }),
);

/** What a golden document stands for, as it crosses from a worker; its arrays are zeros. @param {any} golden */
function asWire(golden) {
  let count = 0;
  const filed = (/** @type {number[]} */ shape) => {
    const offset = count;
    count += shape.reduce((product, length) => product * length, 1);
    return { $f64: [offset, shape] };
  };
  const whole = (/** @type {any} */ value) =>
    value.$array ?? [value.length, ...(value[0]?.length ? [value[0].length] : [])];
  const document = structuredClone(golden);
  for (const block of document.blocks) {
    for (const mark of [...(block.marks ?? []), ...(block.frames ?? []).flatMap((/** @type {any} */ f) => f.marks)]) {
      for (const name of arrays[mark.mark] ?? []) if (mark[name]) mark[name] = filed(whole(mark[name]));
      if (mark.levels?.$array) mark.levels = Array(mark.levels.$array[0]).fill(0);
    }
  }
  const { title, lab, inputs, warnings, answer, blocks } = document;
  const wire = { title, lab, inputs, warnings, answer, data: null, blocks };
  return { text: JSON.stringify(wire), numbers: new Float64Array(count) };
}

test('every golden document passes', () => {
  const names = readdirSync(golden).filter((name) => name.endsWith('.json'));
  assert.ok(names.length > 30);
  for (const name of names) {
    const document = JSON.parse(readFileSync(`${golden}/${name}`, 'utf8'));
    const count = document.blocks.length;
    const { text, numbers } = asWire(document);
    assert.equal(checkedShown(text, numbers).blocks.length, count, name);
  }
});

test('points that set inputs are taken off', () => {
  assert.deepEqual(/** @type {any} */ (shown([plot]).blocks[0]).handles, []);
});

/** @param {any} change @returns {any} */
const changed = (change) => ({ ...plot, marks: [{ ...line, ...change }] });
const deep = { title: '', tex: '', why: '', where: [], detail: 'expert', check: null };
/** @type {any} */
let steps = { ...deep, steps: [] };
for (let i = 0; i < 30; i++) steps = { ...deep, steps: [steps] };

const names = { reads: ['a'], writes: [] };

/** @type {Record<string, () => unknown>} */
const REFUSED = {
  'no document': () => checkedShown('7', null),
  'no JSON': () => checkedShown('{', null),
  'a member too many': () => checkedShown(JSON.stringify({ ...empty, html: '<b>' }), null),
  'a member too few': () => checkedShown(JSON.stringify({ title: '' }), null),
  'an unknown kind': () => shown([{ kind: 'html', html: '' }]),
  'a kind that every object has': () => shown([{ kind: 'constructor' }]),
  'a block that is null': () => shown([null]),
  'a block with more than it has': () => shown([{ kind: 'prose', text: '', dangerouslySetInnerHTML: { __html: '' } }]),
  'an element in place of text': () => shown([{ kind: 'prose', text: { type: 'script', props: {} } }]),
  'an unknown verdict': () => shown([{ kind: 'check', claim: '', method: '', verdict: 'sure', figure: 1, bound: 1 }]),
  'a long formula': () => shown([{ kind: 'math', tex: 'x'.repeat(30_000), text: '', label: '', role: 'plain' }]),
  'too deep': () => shown([{ kind: 'steps', steps: [steps], title: '', detail: 'normal' }]),
  'too many blocks': () => shown(Array(500).fill({ kind: 'prose', text: '' })),
  'numbers beyond the end': () => shown([changed({ x: { $f64: [3, [2]] } })]),
  'numbers before the beginning': () => shown([changed({ x: { $f64: [-1, [2]] } })]),
  'no numbers at all': () => shown([plot], null),
  'arrays that differ': () => shown([changed({ y: { $f64: [0, [3]] } })]),
  'a list in place of an array': () => shown([changed({ x: [1, 2] })]),
  'an empty axis': () => shown([{ ...plot, x: { ...axis, domain: [1, 1] } }]),
  'an unknown mark': () => shown([changed({ mark: 'image' })]),
  'too many marks': () => shown([{ ...plot, marks: Array(200).fill(line) }]),
  'a prototype': () => checkedShown(`{"__proto__": 1, ${JSON.stringify(empty).slice(1)}`, null),
  'no message': () => checkedMessage(null),
  'a message of a list': () => checkedMessage([]),
  'a message of another type': () => checkedMessage({ type: 'toString' }),
  'a message with an accessor of its own': () => checkedMessage(Object.create({ type: 'ready' })),
  'a run that is no number': () => checkedMessage({ type: 'text', run: '1', stream: 'out', text: '' }),
  'an unknown stream': () => checkedMessage({ type: 'text', run: 1, stream: 'html', text: '' }),
  'numbers of another type': () => checkedMessage({ type: 'show', run: 1, text: '{}', numbers: new Float32Array(1) }),
  'a picture of another kind': () =>
    checkedMessage({ type: 'image', run: 1, mime: 'text/html', bytes: new Uint8Array(1) }),
  'a picture that is no bytes': () => checkedMessage({ type: 'image', run: 1, mime: 'image/png', bytes: '<svg/>' }),
  'a file that is no bytes': () => checkedMessage({ type: 'saved', name: 'a', bytes: 'text' }),
  'a written file with more': () =>
    checkedMessage({
      type: 'done',
      run: 1,
      error: null,
      fatal: false,
      heap: 0,
      written: [{ name: 'a', size: 1, x: 1 }],
    }),
  'an error with more': () =>
    checkedMessage({
      type: 'done',
      run: 1,
      fatal: false,
      heap: 0,
      written: [],
      names,
      error: { name: '', message: '', hint: '', trace: '', place: null, x: 1 },
    }),
  'a place that is none': () =>
    checkedMessage({
      type: 'done',
      run: 1,
      fatal: false,
      heap: 0,
      written: [],
      names,
      error: { name: '', message: '', hint: '', trace: '', place: [-1] },
    }),
};

for (const [what, tried] of Object.entries(REFUSED)) {
  test(`refused: ${what}`, () => {
    assert.throws(tried, Refused);
  });
}

test('messages as they should be pass', () => {
  const error = { name: 'E', message: 'm', hint: '', trace: 't', place: [1, null, null, null] };
  for (const message of [
    { type: 'want', path: 'python/a.zip' },
    { type: 'ready', quick: true, slow: '' },
    { type: 'text', run: 0, stream: 'err', text: 'a' },
    { type: 'show', run: 3, text: '{}', numbers: Float64Array.of(1) },
    { type: 'done', run: 3, error, fatal: false, heap: 1, written: [], names },
    { type: 'done', run: 3, error: null, fatal: false, heap: 1, written: [{ name: 'a.csv', size: 7 }], names },
    { type: 'image', run: 3, mime: 'image/png', bytes: Uint8Array.of(1) },
    { type: 'html', run: 3, text: '<b>' },
    { type: 'ask', run: 3, prompt: '? ' },
    { type: 'saved', name: 'a.csv', bytes: Uint8Array.of(1) },
    { type: 'again', run: 3 },
  ])
    assert.equal(checkedMessage(message), message);
});
