/** Derivations: an equality a step, the steps it rests on folded beneath it. */

import { useState } from 'preact/hooks';
import type { Step, Steps as StepsBlock } from '../generated/types';
import { CopyButton } from '../page/copy.ts';
import { html } from '../page/html.ts';
import { CheckMark } from './check.ts';
import { Folded, useDrawQueue } from './draw_queue.ts';
import { Prose } from './formula/prose.ts';
import { Formula, Tex } from './formula/tex.ts';
import { coloured } from './inner.ts';

const LEVELS = ['expert', 'normal', 'novice'];

/** The steps to be seen at a level of detail; one that is left out gives its place to the steps inside it. */
function visibleSteps(steps: Step[], detail: string): Step[] {
  return steps.flatMap((step) => {
    const inner = visibleSteps(step.steps, detail);
    return LEVELS.indexOf(step.detail) <= LEVELS.indexOf(detail) ? [{ ...step, steps: inner }] : inner;
  });
}

export function StepsView({ block }: { block: StepsBlock }) {
  return html`
    ${block.title && html`<h3><${Prose} text=${block.title} /></h3>`}
    <ol class="steps">${visibleSteps(block.steps, block.detail).map((step) => html`<${StepView} step=${step} depth=${0} folded=${block.folded ?? false} />`)}</ol>
  `;
}

/** A click on the formula is for the formula, to select or scroll it; it does not fold the step. */
const keep = (event: Event) => event.preventDefault();

function StepView({ step, depth, folded }: { step: Step; depth: number; folded: boolean }) {
  const shown = (tex: string) => coloured(tex, step.inner ?? [], step.hue ?? 0);
  const unfolded = !folded && depth < 2;
  const [opened, setOpened] = useState(unfolded);
  const ours = useDrawQueue();
  if (!ours) return html`<li class="step" data-later></li>`;
  return html`<li class="step">
    <details open=${unfolded} onToggle=${(event: any) => event.currentTarget.open && setOpened(true)}>
      <summary>
        <span class="step-title"><${Prose} text=${step.title} /></span>
        ${step.check && html`<${CheckMark} check=${step.check} />`}
        ${step.tex && html`<div onClick=${keep}><${Formula} tex=${shown(step.tex)} /></div>`}
      </summary>
      <div class="step-body"><${Folded} now=${opened}>
        ${step.why && html`<p><${Prose} text=${step.why} /></p>`}
        ${step.where.length > 0 && html`<p class="where">where ${step.where.map((tex) => html`<${Tex} tex=${shown(tex)} />`)}</p>`}
        ${
          step.steps.length > 0 &&
          html`<ol class="steps">${step.steps.map((inner) => html`<${StepView} step=${inner} depth=${depth + 1} folded=${folded} />`)}</ol>`
        }
      </${Folded}></div>
    </details>
    ${step.tex && html`<${CopyButton} text=${step.tex} what="LaTeX of this step" />`}
  </li>`;
}
