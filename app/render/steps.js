/** Derivations: an equality a step, the steps it rests on folded beneath it. */

import { useState } from 'preact/hooks';
import { CopyButton } from '../page/copy.js';
import { html } from '../page/html.js';
import { CheckMark } from './check.js';
import { Prose } from './formula/prose.js';
import { Formula, Tex } from './formula/tex.js';
import { coloured } from './inner.js';
import { Folded, useTurn } from './turns.js';

/** @typedef {import('../generated/types').Step} Step */
/** @typedef {import('../generated/types').Steps} StepsBlock */

const LEVELS = ['expert', 'normal', 'novice'];

/**
 * The steps to be seen at a level of detail; one that is left out gives its place to the steps inside it.
 * @param {Step[]} steps
 * @param {string} detail
 * @returns {Step[]}
 */
function visibleSteps(steps, detail) {
  return steps.flatMap((step) => {
    const inner = visibleSteps(step.steps, detail);
    return LEVELS.indexOf(step.detail) <= LEVELS.indexOf(detail) ? [{ ...step, steps: inner }] : inner;
  });
}

/** @param {{block: StepsBlock}} props */
export function StepsView({ block }) {
  return html`
    ${block.title && html`<h3><${Prose} text=${block.title} /></h3>`}
    <ol class="steps">${visibleSteps(block.steps, block.detail).map((step) => html`<${StepView} step=${step} depth=${0} folded=${block.folded ?? false} />`)}</ol>
  `;
}

/** A click on the formula is for the formula, to select or scroll it; it does not fold the step. @param {Event} event */
const keep = (event) => event.preventDefault();

/** @param {{step: Step, depth: number, folded: boolean}} props */
function StepView({ step, depth, folded }) {
  const shown = (/** @type {string} */ tex) => coloured(tex, step.inner ?? [], step.hue ?? 0);
  const unfolded = !folded && depth < 2;
  const [opened, setOpened] = useState(unfolded);
  const ours = useTurn();
  if (!ours) return html`<li class="step" data-later></li>`;
  return html`<li class="step">
    <details open=${unfolded} onToggle=${(/** @type {any} */ event) => event.currentTarget.open && setOpened(true)}>
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
