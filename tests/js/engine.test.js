import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '../../app/engine/client.ts';

/** An engine whose workers are driven by the test: `workers.at(-1)` is the newest. */
function rig({ grace = 5, silence = 1000 } = {}) {
  /** @type {any[]} */
  const workers = [];
  /** @type {import('../../app/engine/protocol.ts').EngineStatus[]} */
  const statuses = [];
  const engine = createEngine({
    grace,
    silence,
    onStatus: (status) => statuses.push(status),
    spawn() {
      const worker = {
        /** @type {any[]} */
        calls: [],
        ended: false,
        postMessage: (/** @type {any} */ message) => worker.calls.push(message),
        terminate() {
          worker.ended = true;
        },
        /** @type {any} */ onmessage: null,
        /** @type {any} */ onerror: null,
        /** @type {any} */ onmessageerror: null,
        say: (/** @type {any} */ data) => worker.onmessage({ data }),
        done: (/** @type {string} */ text, heap = 0) =>
          worker.say({ type: 'done', id: worker.calls.at(-1).id, text, numbers: null, heap }),
      };
      workers.push(worker);
      return worker;
    },
  });
  const run = (/** @type {string} */ text, /** @type {object} */ more = {}) =>
    engine.call({ method: 'run', args: [text], channel: 'run', ...more });
  return { engine, run, workers, statuses, phase: () => statuses.at(-1)?.phase };
}

/** @param {Promise<unknown>} promise @param {string} reason */
const failsBy = (promise, reason) => assert.rejects(promise, (/** @type {any} */ error) => error.reason === reason);
const pause = (/** @type {number} */ time) => new Promise((resolve) => setTimeout(resolve, time));

test('the first call starts a worker and is made when Python is ready', async () => {
  const { run, workers, phase } = rig();
  const answer = run('a');
  assert.equal(phase(), 'starting');
  assert.deepEqual(workers[0].calls, []);
  workers[0].say({ type: 'stage', name: 'Fetching', loaded: 1, total: 2 });
  workers[0].say({ type: 'ready' });
  assert.deepEqual(workers[0].calls[0].args, ['a']);
  workers[0].done('A');
  assert.equal((await answer).text, 'A');
});

test('of calls that wait in one channel only the newest is made', async () => {
  const { run, workers } = rig();
  const [first, second] = [run('a'), run('b')];
  const refused = failsBy(first, 'superseded');
  workers[0].say({ type: 'ready' });
  workers[0].done('B');
  await refused;
  assert.equal((await second).text, 'B');
  assert.equal(workers[0].calls.length, 1);
});

test('a call that is overtaken may end within the grace, and its answer is dropped', async () => {
  const { run, workers } = rig({ grace: 1000 });
  const first = failsBy(run('a'), 'superseded');
  workers[0].say({ type: 'ready' });
  const second = run('b');
  await first;
  workers[0].done('A');
  workers[0].done('B');
  assert.equal((await second).text, 'B');
  assert.equal(workers.length, 1);
});

test('a call that is overtaken and goes on costs the worker its place', async () => {
  const { run, workers } = rig();
  const first = failsBy(run('a'), 'superseded');
  workers[0].say({ type: 'ready' });
  const second = run('b');
  await first;
  await pause(20);
  assert.ok(workers[0].ended);
  workers[1].say({ type: 'ready' });
  workers[1].done('B');
  assert.equal((await second).text, 'B');
});

test('previews go before answers and do not disturb them', async () => {
  const { engine, run, workers } = rig();
  const answer = run('a');
  const preview = engine.call({ method: 'preview', args: ['p'], channel: 'preview f' });
  workers[0].say({ type: 'ready' });
  assert.equal(workers[0].calls[0].method, 'preview');
  workers[0].done('P');
  workers[0].done('A');
  assert.deepEqual([(await preview).text, (await answer).text], ['P', 'A']);
});

test('a call has its time, counted from when it is made', async () => {
  const { run, workers, phase } = rig();
  const answer = failsBy(run('a', { seconds: 0.01 }), 'timeout');
  await pause(20);
  workers[0].say({ type: 'ready' });
  await answer;
  assert.ok(workers[0].ended);
  assert.equal(phase(), 'starting');
  assert.equal(workers.length, 2);
});

test('stop ends what runs and what waits, and starts afresh', async () => {
  const { engine, run, workers } = rig();
  const running = failsBy(run('a'), 'stopped');
  workers[0].say({ type: 'ready' });
  const waiting = failsBy(engine.call({ method: 'run', args: ['b'] }), 'stopped');
  engine.stop();
  await Promise.all([running, waiting]);
  assert.ok(workers[0].ended);
  const next = run('c');
  workers[1].say({ type: 'ready' });
  workers[1].done('C');
  assert.equal((await next).text, 'C');
});

test('a page that is left keeps no worker without work, and has one again when it comes back', async () => {
  const { engine, run, workers, phase } = rig();
  engine.rest();
  engine.wake();
  assert.equal(workers.length, 0, 'what was not asked for is not started');
  const answer = run('a');
  engine.rest();
  workers[0].say({ type: 'ready' });
  engine.rest();
  assert.ok(!workers[0].ended, 'what is under way goes on');
  workers[0].done('A');
  assert.equal((await answer).text, 'A');
  engine.rest();
  assert.deepEqual([workers[0].ended, phase()], [true, 'idle']);
  engine.wake();
  engine.wake();
  assert.deepEqual([workers.length, phase()], [2, 'starting']);
  engine.rest();
  const next = run('b');
  engine.wake();
  assert.equal(workers.length, 3);
  workers[2].say({ type: 'ready' });
  workers[2].done('B');
  assert.equal((await next).text, 'B');
});

test('a worker that dies at work is replaced', async () => {
  const { run, workers, phase } = rig();
  const answer = failsBy(run('a'), 'crash');
  workers[0].say({ type: 'ready' });
  workers[0].onerror({ message: 'out of memory' });
  await answer;
  assert.equal(phase(), 'starting');
  assert.equal(workers.length, 2);
});

test('after a fatal crash the worker is replaced, after another it is kept', async () => {
  const { run, workers } = rig();
  const first = failsBy(run('a'), 'crash');
  workers[0].say({ type: 'ready' });
  workers[0].say({ type: 'crash', id: workers[0].calls[0].id, message: 'KeyError', trace: '', fatal: false });
  await first;
  const second = failsBy(run('b'), 'crash');
  workers[0].say({ type: 'crash', id: workers[0].calls[1].id, message: 'abort', trace: '', fatal: true });
  await second;
  assert.equal(workers.length, 2);
});

test('a start that fails is final until it is tried again', async () => {
  const { engine, run, workers, statuses, phase } = rig();
  const answer = failsBy(run('a'), 'failed');
  workers[0].say({ type: 'failed', message: 'no wasm', trace: 't' });
  await answer;
  assert.equal(phase(), 'failed');
  assert.equal(statuses.at(-1)?.cause, 'no wasm');
  await failsBy(run('b'), 'failed');
  engine.retry();
  const again = run('c');
  workers[1].say({ type: 'ready' });
  workers[1].done('C');
  assert.equal((await again).text, 'C');
});

test('a start without a sign of life has failed', async () => {
  const { run, phase } = rig({ silence: 10 });
  await failsBy(run('a'), 'failed');
  assert.equal(phase(), 'failed');
});

test('blocks come while the call runs', async () => {
  const { run, workers } = rig();
  /** @type {string[]} */
  const blocks = [];
  const answer = run('a', { onBlock: (/** @type {string} */ text) => blocks.push(text) });
  workers[0].say({ type: 'ready' });
  workers[0].say({ type: 'block', id: workers[0].calls[0].id, text: 'one', numbers: new Float64Array() });
  workers[0].done('A');
  await answer;
  assert.deepEqual(blocks, ['one']);
});

test('work in steps is held and goes on, and its time stands still meanwhile', async () => {
  const { engine, run, workers } = rig();
  let pausable = false;
  const answer = run('a', { seconds: 0.15, onPausable: () => (pausable = true) });
  workers[0].say({ type: 'ready' });
  const { id } = workers[0].calls[0];
  engine.pause(true);
  assert.equal(workers[0].calls.length, 1, 'what has not said that it goes in steps is left alone');
  workers[0].say({ type: 'pausable', id });
  assert.ok(pausable);
  engine.pause(true);
  assert.deepEqual(workers[0].calls.at(-1), { type: 'pause', id });
  await pause(250);
  assert.equal(workers.length, 1);
  engine.pause(false);
  assert.deepEqual(workers[0].calls.at(-1), { type: 'resume', id });
  workers[0].say({ type: 'done', id, text: 'A', numbers: null, heap: 0 });
  assert.equal((await answer).text, 'A');
});

test('the time that is left counts on after a pause', async () => {
  const { engine, run, workers } = rig();
  const answer = failsBy(run('a', { seconds: 0.05 }), 'timeout');
  workers[0].say({ type: 'ready' });
  workers[0].say({ type: 'pausable', id: workers[0].calls[0].id });
  engine.pause(true);
  engine.pause(false);
  await answer;
});

test('work in steps is asked to come to an end, and Python stays', async () => {
  const { engine, run, workers } = rig({ grace: 1000 });
  const answer = run('a');
  workers[0].say({ type: 'ready' });
  const { id } = workers[0].calls[0];
  workers[0].say({ type: 'pausable', id });
  engine.stop();
  assert.deepEqual(workers[0].calls.at(-1), { type: 'finish', id });
  workers[0].say({ type: 'done', id, text: 'as far as it came', numbers: null, heap: 0 });
  assert.equal((await answer).text, 'as far as it came');
  assert.equal(workers.length, 1);
});

test('work that does not come to its end is given up, and so is what is stopped twice', async () => {
  for (const again of [false, true]) {
    const { engine, run, workers } = rig({ grace: again ? 1000 : 2 });
    const answer = failsBy(run('a'), 'stopped');
    workers[0].say({ type: 'ready' });
    workers[0].say({ type: 'pausable', id: workers[0].calls[0].id });
    engine.stop();
    if (again) engine.stop();
    await answer;
    assert.ok(workers[0].ended);
  }
});

test('work in steps that nobody waits for any more is told so', async () => {
  const { run, workers } = rig({ grace: 1000 });
  const first = failsBy(run('a'), 'superseded');
  workers[0].say({ type: 'ready' });
  const { id } = workers[0].calls[0];
  workers[0].say({ type: 'pausable', id });
  const second = run('b');
  await first;
  assert.deepEqual(workers[0].calls.at(-1), { type: 'quit', id });
  workers[0].say({ type: 'done', id, text: '', numbers: null, heap: 0 });
  workers[0].done('B');
  assert.equal((await second).text, 'B');
  assert.equal(workers.length, 1);
});

test('a worker whose Python holds much after an answer is replaced, and what waits is asked of the next', async () => {
  const { run, engine, workers } = rig();
  const [first, second] = [run('a'), engine.call({ method: 'preview', args: ['b'] })];
  workers[0].say({ type: 'ready' });
  workers[0].done('B');
  await second;
  assert.equal(workers.length, 1);
  const third = engine.call({ method: 'export', args: ['c'] });
  workers[0].done('A', 1 << 30);
  assert.equal((await first).text, 'A');
  assert.ok(workers[0].ended);
  workers[1].say({ type: 'ready' });
  workers[1].done('C');
  assert.equal((await third).text, 'C');
});

test('the time that files of the library take is not that of the question', async () => {
  const { run, workers, statuses } = rig();
  const answer = run('a', { seconds: 0.05 });
  workers[0].say({ type: 'ready' });
  const { id } = workers[0].calls[0];
  const stage = { name: 'Fetching SciPy', loaded: 1, total: 2 };
  workers[0].say({ type: 'library', id, here: false, parts: ['scipy'], stage });
  assert.deepEqual(statuses.at(-1)?.stage, stage);
  await pause(120);
  assert.ok(!workers[0].ended);
  const refused = failsBy(answer, 'timeout');
  workers[0].say({ type: 'library', id, here: true, parts: ['scipy'], stage: null });
  assert.equal(statuses.at(-1)?.stage, null);
  await refused;
  assert.ok(workers[0].ended);
});

test('what belongs to a start is not taken from a worker that has run a program', async () => {
  /** @type {string[]} */
  const notes = [];
  /** @type {any[]} */
  const workers = [];
  const engine = createEngine({
    onStatus: () => {},
    onNote: (note) => notes.push(note.type),
    spawn() {
      /** @type {any} */
      const worker = { calls: [], postMessage: (/** @type {any} */ m) => worker.calls.push(m), terminate() {} };
      workers.push(worker);
      return /** @type {any} */ (worker);
    },
  });
  const warned = console.warn;
  console.warn = () => {};
  try {
    const answer = engine.call({ method: 'run', args: ['a'] });
    const say = (/** @type {any} */ data) => workers[0].onmessage({ data });
    say({ type: 'kept', kept: null });
    say({ type: 'ready' });
    for (const type of ['kept', 'refused', 'stage', 'failed', 'ready', 'anything']) say({ type });
    say({ type: 'done', id: -1, text: 'forged', numbers: null });
    say({ type: 'done', id: workers[0].calls[0].id, text: 'A', numbers: null, heap: 0 });
    assert.equal((await answer).text, 'A');
    assert.deepEqual(notes, ['kept']);
    assert.equal(workers.length, 1);
  } finally {
    console.warn = warned;
  }
});
