/** The control of a timeline: play, a slider, and where it stands. */

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Block } from '../generated/types';
import { html } from '../page/html.ts';
import { Prose } from './formula/prose.ts';
import { plainProse } from './formula/prose_parse.ts';
import { formatNumber } from './number.ts';
import type { Clock, Pulse } from './timeline.ts';
import { createClock, positionOf, timelinesOf } from './timeline.ts';

/** The slider's own steps; finer than its pixels. */
const NOTCHES = 10_000;

export const pulse: Pulse = {
  request: (tell) => requestAnimationFrame(tell),
  cancel: (handle) => cancelAnimationFrame(handle),
  still: () => matchMedia('(prefers-reduced-motion: reduce)').matches,
};

/** The clock of each plot of an answer that moves, the same one as long as the page shows answers. */
export function useClocks(blocks: Block[]) {
  const kept = useRef(new Map() as Map<string, Clock>);
  const found = timelinesOf(blocks);
  for (const [name, { timeline, plots }] of found) {
    const clock = kept.current.get(name) ?? createClock(pulse);
    kept.current.set(name, clock);
    clock.follow(timeline, plots);
  }
  useLayoutEffect(() => {
    for (const name of found.keys()) kept.current.get(name)?.tell();
  }, [blocks]);
  return (block: Block) => {
    const name = block.kind === 'plot' ? block.timeline?.name : undefined;
    return name === undefined ? undefined : kept.current.get(name);
  };
}

export function TimelineBar({ clock }: { clock: Clock }) {
  const slider = useRef(null as HTMLInputElement | null);
  const now = useRef(null as HTMLElement | null);
  const [shown, setShown] = useState(() => stateOf(clock));
  useLayoutEffect(() => {
    // Sixty times a second, so past Preact: only what is seldom another goes through it.
    const show = () => {
      const state = stateOf(clock);
      setShown((last) =>
        Object.keys(state).every((key) => (last as any)[key] === (state as any)[key]) ? last : state,
      );
      if (now.current) now.current.textContent = timeText(clock, clock.time);
      if (!slider.current) return;
      slider.current.value = String(Math.round(positionOf(clock.timeline, clock.time) * NOTCHES));
      // Who listens hears where it stands, not every moment on the way.
      if (!clock.playing) slider.current.setAttribute('aria-valuetext', spoken(clock));
    };
    show();
    return clock.subscribe(show);
  }, [clock]);
  const { timeline } = clock;
  const onKey = (event: KeyboardEvent) => {
    const onButton = (event.target as Element).tagName === 'BUTTON';
    if (event.ctrlKey || event.metaKey || event.altKey || (onButton && event.key === ' ')) return;
    if (clock.key(event.key)) event.preventDefault();
  };
  const width = Math.max(...[timeline.start, timeline.end].map((time) => timeText(clock, time).length), 3);
  return html`<div class="timeline" role="group" aria-label=${plainProse(timeline.label)} onKeyDown=${onKey}>
    ${
      timeline.play &&
      html`<button type="button" class="quiet play" aria-label=${shown.playing ? 'Pause' : 'Play'}
      onClick=${() => (shown.playing ? clock.pause() : clock.play())}></button>`
    }
    <input type="range" min="0" max=${NOTCHES} ref=${slider} aria-label=${plainProse(timeline.label)}
      onInput=${() => clock.seek(Number(slider.current?.value) / NOTCHES)} />
    <p class="timeline-now"><${Prose} text=${timeline.label} />${' '}<span class="now" ref=${now}
      style=${{ minWidth: `${width}ch` }}></span>${timeline.unit && html`${' '}<span class="unit">${timeline.unit}</span>`}</p>
    ${shown.captioned && html`<p class="timeline-caption"><${Prose} text=${shown.caption} /></p>`}
  </div>`;
}

const stateOf = ({ playing, caption, captioned, timeline }: Clock) => ({ playing, caption, captioned, timeline });

const spoken = (clock: Clock) =>
  [plainProse(clock.timeline.label), timeText(clock, clock.time), clock.timeline.unit, plainProse(clock.caption)]
    .filter(Boolean)
    .join(' ');

/** A time as it stands beside the slider: steps whole, others with as many decimals as their range asks for. */
function timeText({ timeline: { start, end, scale }, whole }: Clock, time: number) {
  if (whole) return formatNumber(Math.floor(time));
  if (scale === 'log') return formatNumber(time, 3);
  const decimals = Math.max(0, Math.min(8, 2 - Math.floor(Math.log10(end - start || 1))));
  return time.toFixed(decimals).replace('-', '−');
}
