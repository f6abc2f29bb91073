import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checksOf, depthsOf, isLong } from '../../app/render/depths.ts';

/** @param {string} kind @param {any} [more] @returns {any} */
const block = (kind, more = {}) => ({ kind, ...more });
const heading = (/** @type {string} */ role, level = 2) => block('heading', { role, level });
const note = (inputs = {}) => block('note', { inputs });

test('what answers, what explains and what proves stand apart, each under its own heading', () => {
  const blocks = {
    result: block('math'),
    lead: block('table'),
    claim: heading('claim'),
    mistakes: block('table'),
    cure: block('code'),
    steps: heading('steps'),
    graph: block('graph'),
    derivation: block('steps', { steps: [] }),
    further: heading('', 3),
    aside: block('prose'),
    checked: heading('checks'),
    check: block('check'),
    program: heading('program'),
    code: block('code'),
    practise: note({ practice: 'chain 2' }),
  };
  const names = new Map(Object.entries(blocks).map(([name, block]) => [block, name]));
  const found = depthsOf(Object.values(blocks));
  const named = Object.fromEntries(
    Object.entries(found).map(([depth, inside]) => [depth, inside.map((block) => names.get(block))]),
  );
  assert.deepEqual(named, {
    answer: ['result', 'claim', 'mistakes', 'cure', 'graph', 'practise'],
    why: ['steps', 'derivation', 'further', 'aside'],
    proof: ['lead', 'checked', 'check', 'program', 'code'],
  });
});

test('no block is lost or shown twice, whatever the order of headings', () => {
  const roles = ['', 'reading', 'claim', 'steps', 'checks', 'program'];
  const kinds = ['prose', 'math', 'table', 'plot', 'graph', 'code', 'check'];
  for (let seed = 1; seed < 200; seed++) {
    let state = seed;
    const below = (/** @type {number} */ n) => {
      state = (state * 48271) % 2147483647;
      return state % n;
    };
    const blocks = Array.from({ length: 20 }, () =>
      below(4) === 0
        ? heading(roles[below(roles.length)] ?? '', 2 + below(2))
        : block(kinds[below(kinds.length)] ?? '', { equal: below(2) > 0 }),
    );
    const found = Object.values(depthsOf(blocks)).flat();
    assert.equal(new Set(found).size, found.length);
    const told = blocks.filter((block) => block.kind !== 'heading' || block.level > 2);
    assert.deepEqual(new Set(found.filter((block) => told.includes(block))), new Set(told));
  }
});

test('maps of a plane come together, other pictures alone', () => {
  const map = () => block('plot', { equal: true });
  const maps = [map(), map(), map(), map()];
  assert.deepEqual(depthsOf([heading(''), ...maps]).answer, maps.slice(0, 3));
  const [one, other] = [block('plot'), block('plot')];
  assert.deepEqual(depthsOf([heading(''), one, other]).answer, [one]);
});

test('the checks of steps count, however deep they lie', () => {
  const check = (/** @type {string} */ verdict) => ({ verdict });
  const inner = { check: check('failed'), steps: [] };
  const steps = block('steps', { steps: [{ check: null, steps: [inner, { check: check('passed'), steps: [] }] }] });
  assert.deepEqual(
    checksOf([steps, block('check', { verdict: 'unchecked' })]).map(({ verdict }) => verdict),
    ['failed', 'passed', 'unchecked'],
  );
});

test('a graph with many nodes in a row needs the whole width', () => {
  /** @param {string} ids @param {string[]} pairs */
  const graph = (ids, pairs) =>
    block('graph', {
      nodes: [...ids].map((id) => ({ id, group: '' })),
      edges: pairs.map(([source, target]) => ({ source, target, tex: '' })),
      groups: [],
    });
  assert.equal(isLong(graph('abcde', ['ab', 'bc', 'cd', 'de'])), true);
  assert.equal(isLong(graph('abcde', ['ab', 'bc', 'cd', 'ed'])), false);
  assert.equal(isLong(graph('ab', ['ab', 'ba'])), false);
  assert.equal(isLong(block('plot')), false);
});
