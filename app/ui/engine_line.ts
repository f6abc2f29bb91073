/** How far Python is, in words, with bytes; only what takes long enough to be noticed. Else how to go on. */

import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { html } from '../page/html.ts';
import type { State } from '../visit/state.ts';

/** Starts that take less than this are not mentioned. */
const PATIENCE = 300;

export function EngineLine({
  engine,
  retry,
  children,
}: {
  engine: State['engine'];
  retry: () => void;
  children?: ComponentChildren;
}) {
  const { phase, stage, cause, trace } = engine;
  const late = useLate(phase === 'starting' || stage !== null, PATIENCE);
  if (phase === 'failed') {
    return html`<div class="engine failed" role="alert">
      <p><strong>Python could not start.</strong> ${cause}</p>
      ${trace && html`<details class="fold"><summary>Details</summary><pre class="trace" tabindex="0">${trace}</pre></details>`}
      <button type="button" onClick=${retry}>Try again</button>
    </div>`;
  }
  if (!late) return html`<span class="keys">${children}</span>`;
  const known = stage?.total;
  return html`<div class="engine">
    <p>${stage?.name ?? 'Starting Python'}${known ? html` <span class="bytes">${megabytes(stage.loaded)} of ${megabytes(known)} MB</span>` : '…'}</p>
    <progress aria-label=${phase === 'starting' ? 'Start of Python' : stage?.name} ...${known ? { max: known, value: Math.min(stage.loaded, known) } : {}}></progress>
  </div>`;
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

/** Whether it has been on for so many milliseconds. */
export function useLate(on: boolean, after: number) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!on) return setLate(false);
    const timer = setTimeout(() => setLate(true), after);
    return () => clearTimeout(timer);
  }, [on, after]);
  return late;
}
