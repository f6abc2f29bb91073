import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scoped } from '../../app/page/storage.ts';
import { createDrafts } from '../../app/visit/drafts.ts';
import { past } from '../../app/visit/past.ts';

/** @param {Record<string, string>} kept */
const storage = (kept = {}) => ({
  kept,
  getItem: (/** @type {string} */ key) => kept[key] ?? null,
  setItem: (/** @type {string} */ key, /** @type {string} */ text) => {
    kept[key] = text;
  },
});

test('two pages of one origin keep their own', () => {
  const all = storage({ 'nabla.theme': 'dark' });
  const [one, other] = [scoped(all, '/a/'), scoped(all, '/b/')];
  one.setItem('nabla.theme', 'light');
  assert.equal(one.getItem('nabla.theme'), 'light');
  assert.equal(other.getItem('nabla.theme'), 'dark', 'what an earlier version kept');
});

const STRANGE = [
  '',
  '5',
  'null',
  '{',
  '[[1]]',
  '[{"f":5}]',
  '[{"f":null,"wrt":{}}]',
  '{"0":{"f":"x"}}',
  '["f"]',
  '[null]',
];

test('drafts of strangers are left out, and those that are right stay', () => {
  for (const text of STRANGE) {
    const shelf = storage({ 'nabla.drafts.derive': text });
    const drafts = createDrafts(shelf);
    assert.equal(drafts.latest('derive'), null, text);
    drafts.save('derive', { f: 'x' }, true);
    assert.deepEqual(createDrafts(shelf).latest('derive'), { f: 'x' });
  }
  const mixed = storage({ 'nabla.drafts.derive': '[{"f":5},{"f":"x^2"}]' });
  assert.deepEqual(createDrafts(mixed).latest('derive'), { f: 'x^2' });
});

test('two tabs keep the drafts of both', () => {
  const shelf = storage();
  const [one, other] = [createDrafts(shelf), createDrafts(shelf)];
  assert.equal(one.latest('derive') ?? other.latest('derive'), null);
  one.save('derive', { f: 'a' }, true);
  other.save('derive', { f: 'b' }, true);
  one.save('derive', { f: 'aa' }, false);
  other.save('derive', { f: 'bb' }, false);
  one.save('derive', { f: 'aaa' }, false);
  assert.deepEqual(JSON.parse(shelf.kept['nabla.drafts.derive'] ?? ''), [{ f: 'aaa' }, { f: 'bb' }]);
  assert.deepEqual(one.latest('derive'), { f: 'aaa' });
  assert.deepEqual(other.latest('derive'), { f: 'bb' });
});

test('past results of strangers are left out', () => {
  const right = { lab: 'derive', question: 'x', title: 'y', link: '#/derive?f=x', time: 0 };
  const strange = [null, 5, {}, { ...right, link: 'https://other.org/' }, { ...right, link: 'javascript:0' }];
  const entries = [...strange, { ...right, time: 'soon' }, { ...right, title: {} }, right];
  assert.deepEqual(past(storage({ 'nabla.history': JSON.stringify(entries) })), [right]);
  for (const text of ['{', '5', 'null', '{}']) assert.deepEqual(past(storage({ 'nabla.history': text })), []);
});
