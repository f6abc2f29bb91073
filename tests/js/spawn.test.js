import assert from 'node:assert/strict';
import test from 'node:test';
import { createSpawner } from '../../app/engine/spawn.ts';

class FakeWorker {
  static all = /** @type {FakeWorker[]} */ ([]);
  /** @type {any[]} */
  told = [];
  /** @type {((event: any) => void) | null} */
  onmessage = null;
  /** @type {((event: any) => void) | null} */
  onerror = null;
  constructor() {
    FakeWorker.all.push(this);
  }
  /** @param {any} message */
  postMessage(message) {
    this.told.push(message);
  }
}

/** @param {string | null} [shelved] */
function rig(shelved = null) {
  FakeWorker.all = [];
  Object.assign(globalThis, { Worker: FakeWorker });
  const build = /** @type {any} */ ({ version: 'v1', worker: 'w.js', python: { base: 'python/', nabla: 'n.zip' } });
  /** @type {string[]} */
  const kept = [];
  const storage = {
    getItem: () => shelved,
    setItem: (/** @type {string} */ _, /** @type {string} */ text) => void kept.push(text),
  };
  return { kept, ...createSpawner({ build, page: 'http://localhost/', storage }) };
}

test('a worker started ahead is handed over once, with what it said meanwhile and in that order', async () => {
  const { ahead, spawn } = rig();
  ahead();
  const [worker] = FakeWorker.all;
  worker?.onmessage?.('one');
  worker?.onmessage?.('two');
  worker?.onerror?.('fell');
  /** @type {string[]} */
  const heard = [];
  const mine = /** @type {any} */ (spawn());
  mine.onmessage = (/** @type {string} */ event) => heard.push(event);
  mine.onerror = (/** @type {string} */ event) => heard.push(event);
  assert.equal(mine, worker);
  await null;
  assert.deepEqual(heard, ['one', 'two', 'fell']);
  assert.notEqual(spawn(), worker);
  assert.equal(FakeWorker.all.length, 2);
});

test('what one start leaves the next is told of; what was refused is not tried again in this version', () => {
  const { spawn, note, quick, kept } = rig();
  note({ type: 'kept', kept: /** @type {any} */ ('modules') });
  spawn();
  note({ type: 'refused', cause: 'damaged' });
  spawn();
  const starts = FakeWorker.all.map(({ told }) => [told[0].quick, told[0].kept]);
  assert.deepEqual(starts, [
    [true, 'modules'],
    [false, null],
  ]);
  assert.equal(quick(), false);
  assert.deepEqual(kept, ['v1 damaged']);
  assert.equal(rig('v1 damaged').quick(), false);
  assert.equal(rig('v0 damaged').quick(), true);
});
