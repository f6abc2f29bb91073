import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EngineError } from '../../app/engine/client.ts';
import { createPrepared, preparedKey, shortened } from '../../app/visit/prepared.ts';
import { answerState, formOf, keptBlocks } from '../../app/visit/state.ts';
import { asking, derive } from './labs.js';
import { answered, settled, shelfOf, visit } from './visit.js';

test('an address that names only a lab shows its example', async () => {
  const { session, store } = visit('#/derive');
  await session.follow();
  await settled();
  assert.equal(store.get().inputs.f, '(w*x-y)^2');
  assert.equal(store.get().inputs.detail, 'normal');
  assert.equal(answerState(store.get()), 'answered');
  assert.equal(store.get().link, '#/derive?f=(w*x-y)^2&wrt=w');
});

test('Back takes back what was typed between two commits, not each letter', async () => {
  const { session, bar, back, f } = visit('#/derive?f=x');
  await session.follow();
  for (const text of ['x^', 'x^2']) session.type('f', text);
  session.commit();
  await settled();
  for (const text of ['x^2+', 'x^2+1']) session.type('f', text);
  session.commit();
  await settled();
  assert.deepEqual(
    bar.steps.map((step) => step.hash),
    ['#/derive?f=x', '#/derive?f=x^2', '#/derive?f=x^2%2B1'].map((hash) => hash.replace('%2B', '+')),
  );
  await back();
  assert.equal(f(), 'x^2');
  await back();
  assert.equal(f(), 'x');
});

test('typing marks the answer stale and asks after a pause; Enter asks at once', async () => {
  const { session, store, asked } = visit('#/derive?f=x');
  await session.follow();
  await settled();
  session.type('f', 'x^2');
  assert.equal(answerState(store.get()), 'stale');
  session.commit();
  await settled();
  assert.deepEqual(asked, ['x', 'x^2']);
  assert.equal(answerState(store.get()), 'answered');
  session.commit();
  await settled();
  assert.equal(asked.length, 2, 'what is answered is not asked again');
});

test('a link leaves the draft alone, and offers it', async () => {
  const kept = {};
  const own = visit('#/derive', { storage: shelfOf(kept) });
  await own.session.follow();
  own.session.type('f', 'mine');
  own.session.commit();
  const linked = visit('#/derive?f=theirs', { storage: shelfOf(kept) });
  await linked.session.follow();
  assert.equal(linked.f(), 'theirs');
  assert.equal(linked.store.get().draft?.f, 'mine');
  linked.session.type('f', 'theirs+1');
  assert.equal(linked.store.get().draft?.f, 'mine', 'a first change begins another draft');
  linked.session.openDraft();
  assert.equal(linked.f(), 'mine');
  const later = visit('#/derive?f=third', { storage: shelfOf(kept) });
  await later.session.follow();
  assert.equal(later.store.get().draft?.f, 'mine');
  const drafts = JSON.parse(Object.values(kept)[0] ?? '');
  assert.deepEqual(
    drafts.map((/** @type {any} */ draft) => draft.f),
    ['mine', 'theirs+1'],
    'nothing that was typed is lost',
  );
});

test('a storage that refuses breaks nothing', async () => {
  const refusing = {
    getItem: () => null,
    setItem() {
      throw new Error('quota');
    },
  };
  const { session, f } = visit('#/derive', { storage: refusing });
  await session.follow();
  session.type('f', 'x');
  assert.equal(f(), 'x');
});

test('a broken link is told and not answered', async () => {
  const { session, store, asked } = visit('#/derive?f=50%');
  await session.follow();
  await settled();
  assert.equal(store.get().problems.length, 1);
  assert.deepEqual(asked, []);
  session.type('f', '50');
  assert.deepEqual(store.get().problems, []);
});

test('a mistake of the user keeps the last answer and its text', async () => {
  const error = { code: 'syntax', message: 'An operand is missing.', hint: '', span: [2, 2], field: 'f' };
  const { session, store } = visit('#/derive?f=x', {
    answers: (inputs) => (inputs.f === '2+' ? { text: JSON.stringify({ error }), numbers: null } : answered(inputs)),
  });
  await session.follow();
  await settled();
  session.type('f', '2+');
  session.commit();
  await settled();
  assert.equal(answerState(store.get()), 'error');
  assert.equal(store.get().error?.text, '2+');
  assert.equal(store.get().document?.title, 'of x');
  session.type('f', 'x');
  session.commit();
  await settled();
  assert.equal(store.get().error, null);
});

test('a mistake of ours is told as one', async () => {
  const { session, store } = visit('#/derive?f=x', {
    answers: () => {
      throw new EngineError('crash', 'KeyError', 'trace');
    },
  });
  await session.follow();
  await settled();
  assert.deepEqual(store.get().fault, { message: 'KeyError', trace: 'trace' });
});

test('while a point is dragged, answers come one after another', async () => {
  const { session, store, asked } = visit('#/derive?f=x');
  await session.follow();
  await settled();
  for (const at of ['x=1', 'x=2', 'x=3']) session.apply({ at }, false);
  await settled();
  assert.equal(asked.length, 3, 'the first, and the newest when that was answered');
  assert.equal(store.get().answered?.at, 'x=3');
});

test('a prepared answer is there before Python, and gives way to its answer', async () => {
  /** @type {(answer: any) => void} */
  let answer = () => {};
  const { session, store } = visit('#/derive?f=x', {
    answers: () => new Promise((resolve) => (answer = resolve)),
    prepared: async () => /** @type {any} */ ({ title: 'prepared', blocks: [] }),
  });
  await session.follow();
  await settled();
  assert.equal(store.get().document?.title, 'prepared');
  assert.equal(answerState(store.get()), 'answered');
  session.commit();
  answer(answered({ f: 'x' }));
  await settled();
  assert.equal(store.get().document?.title, 'of x');
  assert.equal(store.get().prepared, false);
});

test('what is prepared is on the screen before Python takes the time of everything else', async () => {
  /** @type {() => void} */
  let paint = () => {};
  const { session, store, asked } = visit('#/derive?f=x', {
    prepared: /** @type {any} */ (async () => ({ title: 'prepared', blocks: [] })),
    drawn: () => new Promise((resolve) => (paint = resolve)),
  });
  await session.follow();
  await settled();
  assert.equal(store.get().document?.title, 'prepared');
  assert.deepEqual(asked, []);
  paint();
  await settled();
  assert.deepEqual(asked, ['x']);
});

test('Python waits for nothing once it has begun', async () => {
  const { session, store, asked } = visit('#/derive?f=x', { prepared: () => new Promise(() => {}) });
  store.update({ engine: { ...store.get().engine, phase: 'starting' } });
  await session.follow();
  assert.deepEqual(asked, ['x']);
});

test('a prepared answer that comes late changes nothing', async () => {
  const { session, store } = visit('#/derive?f=x', {
    prepared: () => new Promise((resolve) => setTimeout(resolve, 2, { title: 'prepared', blocks: [] })),
  });
  await session.follow();
  await settled();
  assert.equal(store.get().document?.title, 'of x');
});

test('a short key is what the build writes, and never stands for another question', async (context) => {
  // FNV-1a of nothing, of "a" and of "foobar", as Fowler, Noll and Vo publish them.
  for (const [text, hash] of Object.entries({ '': '811c9dc5', a: 'e40c292c', foobar: 'bf9cf968' }))
    assert.equal(shortened(text).slice(0, 8), hash);
  const stored = { lab: 'derive', inputs: { f: 'x^2' }, title: '', answer: null, blocks: [], values: {}, warnings: [] };
  context.mock.method(globalThis, 'fetch', async () => new Response(JSON.stringify(stored)));
  const find = async (/** @type {string} */ f) => {
    const key = shortened(preparedKey(derive, { f }));
    return (await createPrepared({ [key]: 'x.json' }, 'https://example.org/')(derive, { f }))?.inputs.f;
  };
  assert.equal(await find('x^2'), 'x^2');
  assert.equal(await find('x^3'), undefined, 'the document answers another question');
});

test('a question is prepared under its lab and the inputs that are not usual', () => {
  const key = preparedKey(derive, { wrt: 'w', f: ' x^2 ', detail: 'normal', at: '' });
  assert.equal(key, '["derive",[["f","x^2"],["wrt","w"]]]');
});

/** @param {(predicate: any) => boolean} holds @param {{get: () => any, subscribe: (listener: () => void) => () => void}} store */
const until = (holds, store) =>
  new Promise((resolve) => {
    const look = () => holds(store.get()) && resolve(store.get());
    store.subscribe(look);
    look();
  });

test('a long answer grows, whatever order its blocks come in, and says how far it is', async () => {
  const prose = (/** @type {string} */ text) => ({ kind: 'prose', text });
  /** @type {any} */
  let send;
  /** @type {(reply: any) => void} */
  let answer = () => {};
  const { session, store } = visit('#/derive?f=x', {
    answers: (_inputs, onBlock) => {
      send = (/** @type {any} */ block, /** @type {number} */ place) => onBlock(JSON.stringify({ block, place }), null);
      return new Promise((resolve) => (answer = resolve));
    },
  });
  await session.follow();
  await settled();
  send(prose('first'), 0);
  send({ kind: 'progress', text: 'Training', done: 0.5 }, 1);
  const slow = await until((state) => state.slow, store);
  assert.deepEqual([slow.partial, slow.progress.done], [[prose('first')], 0.5]);
  assert.equal(slow.said, 'Training, 50 %');
  const [first] = slow.partial;
  send(prose('third'), 2);
  send({ kind: 'progress', text: 'Training', done: 0.6 }, 1);
  send(prose('second'), 1);
  send(prose('third, longer'), 2);
  const grown = await until((state) => state.partial.length > 1, store);
  assert.deepEqual(grown.partial, ['first', 'second', 'third, longer'].map(prose));
  assert.equal(grown.partial[0], first, 'what has not changed is not drawn again');
  assert.equal(grown.progress.done, 0.6);
  send({ kind: 'progress', text: 'Training', done: 1 }, 3);
  await until((state) => state.progress === null, store);
  const blocks = ['first', 'other', 'third, longer'].map(prose);
  answer({ text: JSON.stringify({ document: { title: '', blocks } }), numbers: null });
  const { document, partial } = await until((state) => !state.busy, store);
  assert.deepEqual([document.blocks, partial], [blocks, []]);
  assert.equal(document.blocks[0], first);
});

test('blocks with the same numbers are the same, others are not', () => {
  const plot = (/** @type {number[]} */ ...x) =>
    /** @type {any} */ ({ kind: 'plot', marks: [{ x: Float64Array.from(x) }] });
  const before = [plot(1, Number.NaN), plot(1, 2), plot(1)];
  const after = keptBlocks([plot(1, Number.NaN), plot(1, 3), plot(1, 2), plot()], before);
  assert.deepEqual(
    after.map((block, i) => block === before[i]),
    [true, false, false, false],
  );
});

test('a whole text has an address, which keeps what is changed in its answer beside it', async () => {
  const answers = (/** @type {any} */ inputs) => ({
    text: JSON.stringify({
      document: {
        title: '',
        lab: 'derive',
        inputs: { f: 'x^2', at: 'x=1', ...JSON.parse(inputs.with || '{}') },
        blocks: [],
      },
    }),
    numbers: null,
  });
  const { session, store, bar, back } = visit('#/derive?f=x', { answers });
  const form = () => formOf(store.get(), session.labs, asking);
  await session.follow();
  await settled();
  await session.question('slope of x^2 at x=1?');
  await settled();
  assert.equal(bar.steps[bar.at]?.hash, '#/ask?q=slope%20of%20x^2%20at%20x=1%3F');
  assert.deepEqual([form()?.lab, form()?.inputs.at], [derive, 'x=1']);
  session.apply({ lab: 'derive' });
  await settled();
  assert.equal(store.get().inputs.lab, 'derive', 'what the form of the text holds is changed there');
  const { document } = store.get();
  session.apply({ at: 'x=2' }, false);
  assert.equal(store.get().document, document, 'the answer stays while a point is dragged');
  session.apply((/** @type {any} */ now) => ({ at: now.at === 'x=2' ? 'x=3' : 'lost' }));
  await settled();
  assert.deepEqual([store.get().lab, store.get().inputs.q, form()?.inputs.at], [asking, 'slope of x^2 at x=1?', 'x=3']);
  assert.match(bar.steps[bar.at]?.hash ?? '', /^#\/ask\?q=slope.*&lab=derive&with=/);
  await back();
  await settled();
  assert.equal(form()?.inputs.at, 'x=1');
});

test('what is written into the empty box is a text; an emptied box leads back to the start', async () => {
  const { session, store, bar, asked } = visit('#/');
  await session.follow();
  assert.equal(store.get().page, '/');
  session.write('d');
  await settled();
  session.write('dx');
  assert.deepEqual([store.get().page, store.get().lab, store.get().inputs.q], ['', asking, 'dx']);
  assert.deepEqual(asked, [], 'what is only written is not answered');
  session.answer();
  await settled();
  assert.equal(asked.length, 1);
  session.write('');
  await settled();
  assert.deepEqual([store.get().page, store.get().document, bar.steps[bar.at]?.hash], ['/', null, '#/']);
});

test('the address says how far the answer is opened', async () => {
  const { session, store, bar } = visit('#/derive?f=x&depth=proof');
  await session.follow();
  assert.equal(store.get().depth, 'proof');
  const steps = bar.steps.length;
  session.look('why');
  await settled();
  assert.deepEqual([bar.steps.length, bar.steps[bar.at]?.hash], [steps, '#/derive?f=x&depth=why']);
  session.look('answer');
  await settled();
  assert.equal(bar.steps[bar.at]?.hash, '#/derive?f=x');
});

test('what is wrong in an input of the lab that was to answer a text is said of the text', async () => {
  const error = { code: 'syntax', message: 'It ends too early.', hint: '', span: [0, 1], field: 'f' };
  const answers = () => ({ text: JSON.stringify({ error }), numbers: null });
  const { session, store } = visit('#/ask?q=derivative%20of%20x^', { answers });
  await session.follow();
  await settled();
  assert.equal(store.get().error?.field, null);
  assert.equal(answerState(store.get()), 'error');
});

test('an answer to another text does not stay beside what is wrong with this one', async () => {
  const wrong = { code: 'not-covered', message: 'No.', hint: '', span: null, field: null };
  const reply = (/** @type {any} */ inputs) =>
    inputs.q === 'x^2' ? answered(inputs) : { text: JSON.stringify({ error: wrong }), numbers: null };
  const { session, store } = visit('#/ask?q=x^2', { answers: reply });
  await session.follow();
  await settled();
  assert.ok(store.get().document);
  session.write('My dog ate it');
  assert.ok(store.get().document, 'while it is written, what was there stays');
  session.commit();
  await settled();
  assert.equal(store.get().document, null);
  assert.equal(answerState(store.get()), 'error');
});
