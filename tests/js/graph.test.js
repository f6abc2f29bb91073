import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neighbour, openAtFirst, reached, timelineOf, turnsOf, viewOf } from '../../app/render/graph/fold.ts';

/** @param {string} id @param {string} [group] @param {object} [more] */
const node = (id, group = '', more = {}) => ({
  id,
  tex: id,
  label: '',
  detail: [],
  group,
  value: '',
  adjoint: '',
  ...more,
});
/** @param {string} id @param {string} [parent] @param {boolean} [folded] */
const group = (id, parent = '', folded = true) => ({ id, label: id, parent, folded });
/** @param {string} ends */
const edge = (ends) => ({ source: ends[0] ?? '', target: ends[1] ?? '', tex: ends });

/** Two layers, the second with a block inside. @type {any} */
const network = {
  nodes: [
    node('x'),
    node('a', 'one'),
    node('b', 'one'),
    node('c', 'two'),
    node('d', 'inner'),
    node('e', 'inner'),
    node('L'),
  ],
  edges: ['xa', 'xb', 'ac', 'bc', 'cd', 'de', 'eL'].map(edge),
  groups: [group('one'), group('two'), group('inner', 'two')],
  order: ['x', 'a', 'b', 'c', 'd', 'e', 'L'],
};
const shape = (/** @type {ReturnType<typeof viewOf>} */ view) => ({
  nodes: view.nodes.map(({ id, members }) => `${id}:${members.join('')}`),
  links: view.links.map(({ source, target, count }) => `${source}>${target}:${count}`),
  open: view.open.map(({ id }) => id),
});

test('a folded group is one node, and edges between the same two are one', () => {
  assert.deepEqual(shape(viewOf(network, new Set())), {
    nodes: ['x:x', 'group one:ab', 'group two:cde', 'L:L'],
    links: ['x>group one:2', 'group one>group two:2', 'group two>L:1'],
    open: [],
  });
  assert.equal(viewOf(network, new Set()).links[2]?.tex, 'eL');
  assert.equal(viewOf(network, new Set()).links[0]?.tex, '');
});

test('groups open one inside the other', () => {
  assert.deepEqual(shape(viewOf(network, new Set(['two']))), {
    nodes: ['x:x', 'group one:ab', 'c:c', 'group inner:de', 'L:L'],
    links: ['x>group one:2', 'group one>c:2', 'c>group inner:1', 'group inner>L:1'],
    open: ['two'],
  });
  assert.deepEqual(viewOf(network, new Set(['inner'])).open, [], 'what lies in a folded group is not to be seen');
  const all = viewOf(network, new Set(['one', 'two', 'inner']));
  assert.equal(all.nodes.length, 7);
  assert.equal(all.links.length, 7);
  assert.equal(all.nodes.find(({ id }) => id === 'd')?.parent, 'inner');
});

test('a group that nobody declared, and groups in a circle, fold nothing away for ever', () => {
  const odd = { ...network, groups: [group('one', 'two', false), group('two', 'one', false)] };
  assert.equal(viewOf(odd, openAtFirst(odd)).nodes.length, 7);
  const plain = { ...network, groups: undefined, order: undefined };
  assert.equal(viewOf(plain, openAtFirst(plain)).nodes.length, 7);
  assert.equal(timelineOf(plain), null);
});

test('it is computed forward by values and back by adjoints', () => {
  const nodes = [
    node('x', '', { value: '3' }),
    node('w', '', { value: '2', adjoint: '3' }),
    node('L', '', { adjoint: '1' }),
  ];
  const graph = { ...network, nodes, order: ['x', 'gone', 'w', 'L'] };
  const turns = turnsOf(graph);
  assert.deepEqual(
    turns.map(({ id, back }) => (back ? `-${id}` : id)),
    ['x', 'w', 'L', '-L', '-w'],
  );
  assert.equal(timelineOf(graph)?.timeline.end, 6);
  const half = reached(turns, 4.7);
  assert.deepEqual([[...half.values], [...half.adjoints], half.now], [['x', 'w', 'L'], ['L'], { id: 'L', back: true }]);
  assert.equal(reached(turns, 0).now, null);
  assert.deepEqual(reached(turns, 5).now, { id: 'w', back: true });
  assert.equal(reached(turns, 6).now, null, 'at its end all of it is shown alike');
});

test('arrow keys walk along edges, or to what stands above and below', () => {
  const view = viewOf(network, new Set(['one', 'two', 'inner']));
  const places = {
    x: { x: 0, y: 0 }, a: { x: 10, y: -10 }, b: { x: 10, y: 30 }, c: { x: 20, y: 0 }, d: { x: 30, y: 0 },
    e: { x: 40, y: 0 }, L: { x: 50, y: 0 },
  }; // biome-ignore format: a table
  const walk = (/** @type {string} */ from, /** @type {string[]} */ ...keys) =>
    keys.reduce((at, key) => neighbour(view, places, at, `Arrow${key}`) ?? at, from);
  assert.equal(walk('x', 'Right'), 'a');
  assert.equal(walk('x', 'Right', 'Down'), 'x');
  assert.equal(walk('a', 'Down', 'Down'), 'b');
  assert.equal(walk('x', 'Right', 'Right', 'Right', 'Right', 'Right'), 'L');
  assert.equal(walk('L', 'Left', 'Left'), 'd');
  assert.equal(walk('L', 'Right'), 'L');
  assert.equal(neighbour(view, places, 'x', 'Tab'), null);
});
