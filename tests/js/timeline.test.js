import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headOf, prefixes } from '../../app/render/plot/moving.ts';
import {
  countUntil,
  createClock,
  eventsOf,
  frameAt,
  positionOf,
  timeAt,
  timelinesOf,
} from '../../app/render/timeline.ts';

/** @param {object} [more] @returns {any} */
const timeline = (more = {}) => ({
  name: 'run',
  label: 'step',
  start: 0,
  end: 10,
  at: null,
  unit: '',
  scale: 'linear',
  play: true,
  seconds: 2,
  ...more,
});
/** @param {number[]} when @param {object} [more] @returns {any} */
const plot = (when, more = {}) => ({
  kind: 'plot',
  marks: [{ mark: 'line', when: Float64Array.from(when) }],
  timeline: timeline(),
  frames: [],
  ...more,
});

/** A clock whose pictures come when the test says so. @param {boolean} [still] */
function wound(still = false) {
  /** @type {((now: number) => void) | null} */
  let next = null;
  const clock = createClock({
    request(tell) {
      next = tell;
      return 1;
    },
    cancel() {
      next = null;
    },
    still: () => still,
  });
  const tick = (/** @type {number} */ now) => {
    const tell = next;
    next = null;
    tell?.(now);
  };
  return { clock, tick, running: () => next !== null };
}

test('the slider and the time agree, on every scale', () => {
  const scales = [
    {},
    { start: 1, end: 1000, scale: 'log' },
    { start: 0, end: 99, scale: 'log' },
    { start: -3, end: 5 },
  ];
  for (const scale of scales) {
    const line = timeline(scale);
    for (const position of [0, 0.25, 0.5, 1]) {
      assert.ok(Math.abs(positionOf(line, timeAt(line, position)) - position) < 1e-12);
    }
  }
  assert.ok(Math.abs(timeAt(timeline({ start: 1, end: 100, scale: 'log' }), 0.5) - 10) < 1e-12);
  assert.ok(Math.abs(timeAt(timeline({ start: 0, end: 99, scale: 'log' }), 0.5) - 9) < 1e-12);
  assert.equal(positionOf(timeline({ end: 0 }), 0), 1);
});

test('events are all times of all plots, once each and in order', () => {
  const framed = plot([0, 2], { frames: [{ at: 1 }, { at: 11 }] });
  assert.deepEqual([...eventsOf(timeline(), [plot([2, 4]), framed])], [0, 1, 2, 4, 10]);
});

test('points and frames are shown from their time on', () => {
  assert.deepEqual(
    [-1, 0, 2, 2.5, 9].map((time) => countUntil([0, 1, 2, 2, 3], time)),
    [0, 1, 4, 4, 5],
  );
  const frames = [{ at: 5 }, { at: 0 }];
  assert.deepEqual(
    [-1, 0, 4.9, 5, 7].map((time) => frameAt(frames, time)),
    [-1, 1, 1, 0, 0],
  );
});

test('plots of one name share a control, at the first of them', () => {
  const [a, b] = [plot([1]), plot([2])];
  const other = plot([3], { timeline: timeline({ name: 'slice' }) });
  const found = timelinesOf([/** @type {any} */ ({ kind: 'prose' }), a, other, b, plot([1], { timeline: null })]);
  assert.deepEqual([...found.keys()], ['run', 'slice']);
  assert.deepEqual(found.get('run')?.plots, [a, b]);
});

test('a timeline opens at its end, or where it says, and keeps a time that was chosen', () => {
  const { clock } = wound();
  clock.follow(timeline(), [plot([1])]);
  assert.equal(clock.time, 10);
  clock.follow(timeline({ end: 20 }), [plot([1])]);
  assert.equal(clock.time, 20, 'it grows with its answer');
  clock.follow(timeline({ at: 3 }), [plot([1])]);
  assert.equal(clock.time, 3);
  clock.seek(0.7);
  clock.follow(timeline({ at: 3 }), [plot([2])]);
  assert.equal(clock.time, 7, 'the same timeline of another answer');
  clock.follow(timeline({ end: 5 }), [plot([2])]);
  assert.equal(clock.time, 5, 'another timeline');
});

test('steps go from event to event', () => {
  const { clock } = wound();
  clock.follow(timeline(), [plot([1, 2, 4])]);
  clock.seek(0);
  const after = (/** @type {string} */ key) => {
    assert.ok(clock.key(key));
    return clock.time;
  };
  assert.deepEqual(['ArrowRight', 'ArrowRight', 'ArrowUp', 'ArrowLeft'].map(after), [1, 2, 4, 2]);
  clock.seek(0.3);
  assert.equal(after('ArrowLeft'), 2, 'back from between two events');
  clock.seek(0.3);
  assert.equal(after('ArrowRight'), 4);
  assert.deepEqual(['End', 'ArrowRight', 'PageDown', 'Home', 'PageUp'].map(after), [10, 10, 0, 0, 10]);
  assert.equal(clock.key('x'), false);
});

test('it plays from the start in its seconds, and pauses', () => {
  const { clock, tick, running } = wound();
  clock.follow(timeline(), [plot([1, 2, 4])]);
  let told = 0;
  clock.subscribe(() => told++);
  clock.key(' ');
  assert.ok(clock.playing);
  tick(1000);
  assert.equal(clock.time, 0);
  tick(2000);
  assert.equal(clock.time, 5);
  clock.key(' ');
  assert.ok(!clock.playing && !running());
  clock.play();
  tick(5000);
  assert.equal(clock.time, 5, 'it goes on where it stood');
  tick(6100);
  assert.equal(clock.time, 10);
  assert.ok(!clock.playing && told > 5);
});

test('where movement is unwelcome it goes in few steps, each at an event', () => {
  const { clock, tick } = wound(true);
  const when = Array.from({ length: 101 }, (_, i) => i / 10);
  clock.follow(timeline(), [plot(when)]);
  clock.play();
  const seen = new Set();
  for (let now = 0; now <= 2000; now += 20) {
    tick(now);
    seen.add(clock.time);
  }
  assert.deepEqual(
    [...seen].sort((a, b) => a - b),
    [0, 2.5, 5, 7.5, 10],
  );
  clock.seek(0.333);
  assert.equal(clock.time, 3.3);
});

test('the path of some points is the beginning of the path of all', () => {
  const trail = { x: Float64Array.of(0, 1, Number.NaN, 3, 4), y: Float64Array.of(5, 6, 7, 8, 9) };
  const [curve, points] = [prefixes(/** @type {any} */ (trail), 'L'), prefixes(/** @type {any} */ (trail), '')];
  assert.deepEqual([0, 1, 2, 3, 5].map(curve), ['', 'M0 5', 'M0 5L1 6', 'M0 5L1 6', 'M0 5L1 6M3 8L4 9']);
  assert.equal(points(2), 'M0 5h0M1 6h0');
});

test('the head is on its way between two points', () => {
  const trail = { when: Float64Array.of(0, 10), x: Float64Array.of(0, 100), y: Float64Array.of(0, Number.NaN) };
  assert.equal(headOf(trail, 1, 5), null);
  trail.y[1] = 50;
  assert.deepEqual(headOf(trail, 1, 5), { x: 50, y: 25 });
  assert.equal(headOf(trail, 2, 20), null);
  assert.equal(headOf(trail, 1, 0), null);
});
