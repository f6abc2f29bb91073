/** What plots move along: a time with its events, the same for all plots whose timelines share a name. No DOM. */

import type { Block, Frame, Plot, Timeline } from '../generated/types';

export type Clock = ReturnType<typeof createClock>;

/** where the present and the next pictures come from */
export interface Pulse {
  request: (tell: (now: number) => void) => number;
  cancel: (handle: number) => void;
  /** whether movement is unwelcome */
  still: () => boolean;
}

/** How many events the keys Page Up and Page Down pass. */
const LEAP = 10;
/** Without smooth movement, so many pictures a second. */
const STILLS = 2;

/** Where between 0 and 1 the slider stands at `time`. */
export function positionOf({ start, end, scale }: Timeline, time: number) {
  if (!(end > start)) return 1;
  const share = scale === 'log' ? logShare(start, end, time) : (time - start) / (end - start);
  return Math.max(0, Math.min(1, share));
}

/** The time at which the slider stands at `position`. */
export function timeAt({ start, end, scale }: Timeline, position: number) {
  if (!(end > start) || position >= 1) return end;
  if (position <= 0) return start;
  if (scale !== 'log') return start + position * (end - start);
  return start > 0 ? start * (end / start) ** position : start + Math.expm1(position * Math.log1p(end - start));
}

/** A logarithm that begins at 0 or below counts from its beginning. */
const logShare = (start: number, end: number, time: number) =>
  start > 0
    ? Math.log(Math.max(time, start) / start) / Math.log(end / start)
    : Math.log1p(Math.max(time - start, 0)) / Math.log1p(end - start);

/** The times at which something changes in one of the plots, ascending, from start to end. */
export function eventsOf({ start, end }: Timeline, plots: Plot[]) {
  const times = new Set([start, end]);
  for (const plot of plots) {
    for (const { at } of plot.frames ?? []) times.add(at);
    for (const mark of plot.marks) if ('when' in mark) for (const time of mark.when ?? []) times.add(time);
  }
  return Float64Array.from([...times].filter((time) => time >= start && time <= end)).sort();
}

/** How many of the ascending `times` have come at `time`. */
export function countUntil(times: ArrayLike<number>, time: number) {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Number(times[middle]) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The place of the frame that is shown at `time`, -1 before the first. */
export function frameAt(frames: { at: number }[], time: number) {
  let shown = -1;
  frames.forEach(({ at }, i) => {
    if (at <= time && (shown < 0 || at >= Number(frames[shown]?.at))) shown = i;
  });
  return shown;
}

/** The timelines among the blocks: for each name the plot that carries the control, and all that move with it. */
export function timelinesOf(blocks: Block[]) {
  const found: Map<string, { timeline: Timeline; plots: Plot[] }> = new Map();
  for (const block of blocks) {
    if (block.kind !== 'plot' || !block.timeline) continue;
    const known = found.get(block.timeline.name);
    if (known) known.plots.push(block);
    else found.set(block.timeline.name, { timeline: block.timeline, plots: [block] });
  }
  return found;
}

/** The time of a timeline, and what runs it. */
export function createClock(pulse: Pulse) {
  const listeners: Set<() => void> = new Set();
  let timeline: Timeline = {
    name: '',
    label: '',
    start: 0,
    end: 1,
    at: null,
    unit: '',
    scale: 'linear',
    play: false,
    seconds: 6,
  };
  let events = Float64Array.of(0, 1);
  let frames: Frame[] = [];
  let followed: Plot[] = [];
  let time = 1;
  let moved = false;
  /** what is asked of the pulse while it runs */
  let handle: number | null = null;

  const tell = () => {
    for (const listener of listeners) listener();
  };
  /** The last event that has come. */
  const settled = (wanted: number) => events[Math.max(0, countUntil(events, wanted) - 1)] ?? wanted;

  function set(wanted: number) {
    const next = Math.max(timeline.start, Math.min(timeline.end, wanted));
    if (next === time) return;
    time = next;
    tell();
  }

  function pause() {
    if (handle === null) return;
    pulse.cancel(handle);
    handle = null;
    tell();
  }

  function play() {
    if (handle !== null) return;
    moved = true;
    const first = time >= timeline.end ? 0 : positionOf(timeline, time);
    const still = pulse.still();
    const stops = Math.max(1, Math.round(timeline.seconds * STILLS));
    let began: number | null = null;
    const run = (now: number) => {
      began ??= now;
      const share = first + (now - began) / (1000 * timeline.seconds);
      if (share >= 1) handle = null;
      else handle = pulse.request(run);
      const position = still ? Math.floor(Math.min(share, 1) * stops) / stops : share;
      const wanted = Math.max(timeAt(timeline, first), timeAt(timeline, position));
      const before = time;
      set(still ? settled(wanted) : wanted);
      if (handle === null && time === before) tell();
    };
    handle = pulse.request(run);
    tell();
  }

  return {
    get time() {
      return time;
    },
    get timeline() {
      return timeline;
    },
    get playing() {
      return handle !== null;
    },
    tell,
    /** Whether the frames have words of their own. */
    get captioned() {
      return frames.length > 0;
    },
    /** Whether all that happens happens at whole numbers, as steps do. */
    get whole() {
      return events.every(Number.isInteger);
    },
    /** What is written beside the frame that is shown. */
    get caption() {
      return frames[frameAt(frames, time)]?.label ?? '';
    },
    /** Follow the plots of an answer. A time that was not changed stays where the answer opens. */
    follow(next: Timeline, plots: Plot[]) {
      if (plots.length === followed.length && plots.every((plot, i) => plot === followed[i])) return;
      const another = next.start !== timeline.start || next.end !== timeline.end || next.scale !== timeline.scale;
      if (another && handle !== null) pause();
      followed = plots;
      timeline = next;
      events = eventsOf(next, plots);
      frames = plots.find((plot) => plot.frames?.some(({ label }) => label))?.frames ?? [];
      if (another || !moved) {
        time = Math.max(next.start, Math.min(next.end, next.at ?? next.end));
        moved = false;
      }
    },
    /** Go to a position of the slider. */
    seek(position: number) {
      moved = true;
      pause();
      const wanted = timeAt(timeline, position);
      set(pulse.still() ? settled(wanted) : wanted);
    },
    /** Go on, or back, by so many events. */
    step(count: number) {
      moved = true;
      pause();
      const reached = countUntil(events, time);
      const between = events[reached - 1] !== time;
      const to = reached - 1 + count + (between && count < 0 ? 1 : 0);
      set(Number(events[Math.max(0, Math.min(events.length - 1, to))]));
    },
    play,
    pause,
    /** What a key does; whether it does anything. */
    key(key: string) {
      const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: LEAP, PageDown: -LEAP }[key];
      if (steps) this.step(steps);
      else if (key === 'Home') this.seek(0);
      else if (key === 'End') this.seek(1);
      else if (key === ' ' && timeline.play) handle === null ? play() : pause();
      else return false;
      return true;
    },
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
