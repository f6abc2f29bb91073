/**
 * A long answer is drawn bit by bit, from its top, so that the page hears the reader meanwhile: in slices, none longer
 * than the eye notices. What is folded away comes last, a slice a frame, as all does on a slow device.
 */

import { useLayoutEffect, useState } from 'preact/hooks';
import { yieldToBrowser } from '../page/pause.ts';
import { fetchTex } from './formula/tex.ts';

/** So many ms a slice is of drawing; a slow device has four times less done in it. */
const SLICE = 3;
/** Where the page is not on the screen, there are no frames. */
const FRAME = 100;
/** A page that is on the screen may be long in making its first one: what waits for that waits longer. */
const LATE = 1000;

/** What waits for its turn, in order: what can be seen, then what cannot. */
const waiting: [(() => void)[], (() => void)[]] = [[], []];
/** Where what is found inside of the piece being drawn takes its place: before everything else. */
let place = -1;
let working: Promise<void> | null = null;

/**
 * Whether a component may draw itself now; until then it holds a place that takes no room.
 * @param hidden whether it is hidden until something is unfolded
 */
export function useDrawQueue(hidden: boolean = false) {
  const [ours, setOurs] = useState(false);
  useLayoutEffect(() => (ours ? undefined : queue(() => setOurs(true), hidden)), [ours]);
  return ours;
}

/** What is folded away, or will be `now`. */
export function Folded({ now, children }: { now: boolean; children?: any }) {
  const ours = useDrawQueue(true);
  return ours || now ? children : null;
}

function queue(draw: () => void, hidden: boolean) {
  const line = waiting[hidden ? 1 : 0];
  if (hidden || place < 0) line.push(draw);
  else line.splice(place++, 0, draw);
  working ??= work();
  return () => {
    const at = line.indexOf(draw);
    if (at >= 0) line.splice(at, 1);
  };
}

async function work() {
  // Where it does not come, formulas are shown as their source.
  await Promise.all([frame(), fetchTex().catch(() => {})]);
  await yieldToBrowser();
  for (let next = waiting[0].shift() ?? waiting[1].shift(); next; ) {
    const begun = performance.now();
    const end = begun + SLICE;
    for (; next; next = performance.now() < end ? (waiting[0].shift() ?? waiting[1].shift()) : undefined) {
      place = 0;
      next();
      // Preact draws in a microtask.
      await null;
      place = -1;
    }
    // A fast device does not wait for frames with what can be seen: it makes them between these slices.
    const fast = performance.now() - begun < 2 * SLICE;
    await (fast && waiting[0].length ? yieldToBrowser() : frame());
    next = waiting[0].shift() ?? waiting[1].shift();
  }
  working = null;
}

/** Once what has been drawn so far is on the screen, or after `most` ms. */
const frame = (most: number = FRAME) =>
  new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, most);
  });

/** Once all that can be seen is on the screen, or all that can be unfolded too. */
export async function drawn(all: boolean = false) {
  do await frame(document.hidden ? FRAME : LATE);
  while (all ? working : waiting[0].length);
}
