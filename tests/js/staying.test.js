import assert from 'node:assert/strict';
import { test } from 'node:test';
import { texText } from '../../app/render/formula/tex_text.ts';
import { createVisitHistory } from '../../app/visit/history.ts';
import { past, recorder, remember } from '../../app/visit/past.ts';
import { questionOf } from '../../app/visit/past_question.ts';
import { filled } from '../../app/visit/state.ts';
import { derive } from './labs.js';

/** A browser's history. @param {string} hash */
function browser(hash, still = false) {
  const steps = [{ state: /** @type {any} */ (null), hash }];
  const bar = { at: 0, steps };
  const here = () => /** @type {{state: any, hash: string}} */ (steps[bar.at]);
  const trail = createVisitHistory({
    read: () => here().hash,
    still,
    history: {
      get state() {
        return here().state;
      },
      pushState(state, _, hash) {
        steps.splice(++bar.at, Number.POSITIVE_INFINITY, { state, hash: String(hash) });
      },
      replaceState(state, _, hash) {
        steps.splice(bar.at, 1, { state, hash: String(hash) });
      },
      back: () => void go(-1),
      forward: () => void go(1),
    },
  });
  const go = (/** @type {number} */ by) => {
    bar.at += by;
    trail.arrive();
  };
  const follow = (/** @type {string} */ hash) => {
    steps.splice(++bar.at, Number.POSITIVE_INFINITY, { state: null, hash });
    trail.arrive();
  };
  trail.arrive();
  const can = () => [trail.canUndo(), trail.canRedo()];
  return { trail, bar, go, follow, can, here };
}

test('changes are undone and redone, until another one takes their place', () => {
  const { trail, can, here } = browser('#/derive?f=a');
  assert.deepEqual(can(), [false, false]);
  assert.equal(trail.own(), false);
  trail.write('#/derive?f=b', true);
  trail.write('#/derive?f=bb', false);
  trail.write('#/derive?f=c', true);
  assert.deepEqual(can(), [true, false]);
  trail.undo();
  assert.equal(here().hash, '#/derive?f=bb');
  assert.deepEqual(can(), [true, true]);
  trail.undo();
  assert.deepEqual(can(), [false, true], 'the link itself is where it began');
  trail.redo();
  trail.write('#/derive?f=d', true);
  assert.deepEqual(can(), [true, false]);
});

test("undo stays inside of a lab; the way back out is the browser's", () => {
  const { trail, can, follow, go } = browser('#/derive?f=a');
  trail.write('#/fit', true);
  assert.deepEqual(can(), [false, false]);
  trail.write('#/fit?data=1,2', true);
  follow('#/fit?data=3,4');
  assert.deepEqual(can(), [false, false], 'a link is a beginning');
  assert.equal(trail.own(), false);
  go(-1);
  assert.deepEqual(can(), [true, false]);
  trail.undo();
  assert.deepEqual(can(), [false, true]);
});

test('inside of another page no step is added', () => {
  const { trail, bar, here } = browser('#/derive?f=a', true);
  trail.write('#/derive?f=b', true);
  assert.equal(bar.steps.length, 1);
  assert.equal(here().hash, '#/derive?f=b');
  assert.equal(trail.canUndo(), false);
});

/** @param {number} [room] in characters */
function storage(room = Number.POSITIVE_INFINITY) {
  /** @type {Record<string, string>} */
  const kept = {};
  return {
    kept,
    getItem: (/** @type {string} */ key) => kept[key] ?? null,
    setItem(/** @type {string} */ key, /** @type {string} */ text) {
      if (text.length > room) throw new DOMException('full', 'QuotaExceededError');
      kept[key] = text;
    },
  };
}

const entry = (/** @type {number} */ i) => ({
  lab: 'derive',
  question: `x^${i}`,
  title: 't',
  link: `#/derive?f=x^${i}`,
  time: i,
});
const asked = (/** @type {any} */ on) => past(on).map(({ question }) => question);

test('the newest fifty are kept, each question once', () => {
  const on = storage();
  for (let i = 0; i < 60; i++) remember(on, entry(i), null);
  assert.equal(past(on).length, 50);
  assert.equal(past(on)[0]?.question, 'x^59');
  remember(on, { ...entry(30), time: 99 }, null);
  assert.equal(past(on).length, 50);
  assert.deepEqual(asked(on).slice(0, 2), ['x^30', 'x^59']);
  remember(on, entry(70), '#/derive?f=x^30');
  assert.deepEqual(asked(on).slice(0, 2), ['x^70', 'x^59'], 'what was typed on takes its place');
});

test('a full, refusing or broken storage is survived', (context) => {
  const warned = context.mock.method(console, 'warn', () => {});
  const small = storage(1500);
  for (let i = 0; i < 40; i++) remember(small, entry(i), null);
  assert.equal(past(small)[0]?.question, 'x^39');
  assert.ok(past(small).length > 5);
  assert.equal(warned.mock.callCount(), 0);
  remember(storage(0), entry(1), null);
  assert.equal(warned.mock.callCount(), 1);
  remember(null, entry(1), null);
  assert.deepEqual(past(null), []);
  const broken = storage();
  for (const text of ['{', '"x"', '[1, null, {"link": 3}]']) {
    broken.kept['nabla.history'] = text;
    assert.deepEqual(past(broken), []);
  }
  const on = storage();
  remember(on, { ...entry(1), link: `#/fit?data=${'1'.repeat(30_000)}` }, null);
  assert.deepEqual(past(on), [], 'one question does not take the room of all others');
});

test('what is kept of a visit: the last state of what was typed, no example, nothing prepared', async () => {
  const on = storage();
  let step = 1;
  /** @type {any} */
  let state;
  const session = /** @type {any} */ ({ store: { get: () => state } });
  const record = recorder(session, on, () => step);
  const answer = async (/** @type {string} */ f, /** @type {any} */ more = {}) => {
    const inputs = { ...filled(derive, derive.example), f };
    state = {
      lab: derive,
      document: { title: `of $${f}$` },
      answered: inputs,
      inputs,
      prepared: false,
      busy: false,
      ...more,
    };
    await record();
  };
  await answer('x', {});
  await answer('x^', {});
  await answer('x^2', {});
  assert.deepEqual(asked(on), ['x^2']);
  step = 2;
  await answer('x^3');
  await answer('x^4', { prepared: true });
  await answer('x^4', { busy: true });
  state.busy = false;
  state.inputs = {};
  await record();
  await answer(/** @type {any} */ (derive.example).f);
  assert.deepEqual(asked(on), ['x^3', 'x^2']);
});

test('a question in a line', () => {
  assert.equal(questionOf(derive, { f: ' x^2\n\n + 1 ' }), 'x^2 + 1');
  assert.equal(questionOf(derive, {}), '');
  assert.equal(questionOf(derive, { f: 'x'.repeat(500) }, 10), 'xxxxxxxxx…');
});

test('formulas in names', () => {
  for (const [tex, text] of [
    ['\\frac{x^{2}}{w}', 'x²/w'],
    ['e^{x w}', 'e^(x w)'],
    ['\\left(w x - y\\right)^{2}', '(w x - y)²'],
    ['\\frac{1}{1 + e^{- x}}', '1/(1 + e^(- x))'],
    ['\\theta_{1}', 'θ₁'],
    ['s = \\hat{y} - w \\cdot \\bar x', 's = ŷ - w · x̄'],
    ['\\sin x', 'sin x'],
  ])
    assert.equal(texText(tex ?? ''), text);
});
