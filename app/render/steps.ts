/** Derivations: an equality a step, the steps it rests on folded beneath it. */

import { useContext, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Step, Steps as StepsBlock } from '../generated/types';
import { CopyButton } from '../page/copy.ts';
import { html } from '../page/html.ts';
import { CheckMark } from './check.ts';
import { Folded, useDrawQueue } from './draw_queue.ts';
import { exercisesOf } from './exercises.ts';
import { Prose } from './formula/prose.ts';
import { Formula, Tex } from './formula/tex.ts';
import { coloured } from './inner.ts';
import { JudgeContext } from './judge.ts';
import { NOTHING_POINTED, PointedContext } from './pointed.ts';
import { Try } from './try.ts';

const LEVELS = ['expert', 'normal', 'novice'];

/** The steps to be seen at a level of detail; one that is left out gives its place to the steps inside it. */
function visibleSteps(steps: Step[], detail: string): Step[] {
  return steps.flatMap((step) => {
    const inner = visibleSteps(step.steps, detail);
    return LEVELS.indexOf(step.detail) <= LEVELS.indexOf(detail) ? [{ ...step, steps: inner }] : inner;
  });
}

/** One step is open at a time; arrow keys and two buttons lead from one to the next. */
export function StepsView({ block }: { block: StepsBlock }) {
  const steps = visibleSteps(block.steps, block.detail);
  const [now, setNow] = useState(block.folded ? -1 : 0);
  const [trying, setTrying] = useState(false);
  const able = useContext(JudgeContext) !== null && !block.folded && exercisesOf(steps).length > 0;
  const derivation = steps.map(({ title }) => title).join('\n');
  useLayoutEffect(() => {
    setNow(block.folded ? -1 : 0);
    setTrying(false);
  }, [derivation]);
  const list = useRef(null as HTMLElement | null);
  const go = (to: number) => {
    if (!steps[to]) return;
    setNow(to);
    (list.current?.children[to]?.querySelector('summary') as HTMLElement | null)?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = [...(list.current?.children ?? [])].findIndex((step) => step.contains(event.target as Node));
    if (!by || (event.target as Element).tagName !== 'SUMMARY') return;
    event.preventDefault();
    go(at + by);
  };
  const turn = (by: number, label: string) =>
    html`<button type="button" class="quiet" disabled=${!steps[now + by]} onClick=${() => setNow(now + by)}>${label}</button>`;
  if (trying) return html`<${Try} steps=${steps} done=${() => setTrying(false)} />`;
  return html`
    ${block.title && html`<h3><${Prose} text=${block.title} /></h3>`}
    <ol class="steps" ref=${list} onKeyDown=${onKey}>${steps.map(
      (step, i) =>
        html`<${StepView} step=${step} depth=${0} open=${i === now} turn=${() => setNow(i === now ? -1 : i)} />`,
    )}</ol>
    ${
      (steps.length > 1 || able) &&
      html`<div class="step-turn" role="group" aria-label="Steps">
        ${steps.length > 1 && html`${turn(-1, 'Previous step')}${turn(1, 'Next step')}`}
        ${able && html`<button type="button" class="quiet" onClick=${() => setTrying(true)}>Try it step by step</button>`}
      </div>`
    }
  `;
}

/** A click on the formula is for the formula, to select or scroll it; it does not fold the step. */
const keep = (event: Event) => {
  event.preventDefault();
  event.stopPropagation();
};

/** @param turn opens or folds a step of which only one is open; the steps inside of it open by themselves */
function StepView({ step, depth, open, turn }: { step: Step; depth: number; open: boolean; turn?: () => void }) {
  const shown = (tex: string) => coloured(tex, step.inner ?? [], step.hue ?? 0);
  const [opened, setOpened] = useState(open);
  const ours = useDrawQueue();
  const onClick = (event: Event) => {
    if (!turn) return;
    event.preventDefault();
    turn();
  };
  const { pointed, point } = useContext(PointedContext);
  const at = step.node ? { node: step.node, line: step.line ?? 0 } : null;
  // The step that is open is the one that is looked at.
  useLayoutEffect(() => {
    if (open && at) point(at);
  }, [open, at?.node]);
  const [on, off] = [() => at && point(at), () => at && point(NOTHING_POINTED)];
  if (!ours) return html`<li class="step" data-later></li>`;
  return html`<li class="step" data-pointed=${(at && pointed.node === at.node) || undefined}
    onPointerEnter=${on} onPointerLeave=${off} onFocusIn=${on}>
    <details open=${open} onToggle=${(event: any) => event.currentTarget.open && setOpened(true)}>
      <summary onClick=${onClick}>
        <span class="step-title"><${Prose} text=${step.title} /></span>
        ${step.check && html`<${CheckMark} check=${step.check} />`}
        ${step.tex && html`<div onClick=${keep}><${Formula} tex=${shown(step.tex)} /></div>`}
      </summary>
      <div class="step-body"><${Folded} now=${opened}>
        ${step.why && html`<p><${Prose} text=${step.why} /></p>`}
        ${step.where.length > 0 && html`<p class="where">where ${step.where.map((tex) => html`<${Tex} tex=${shown(tex)} />`)}</p>`}
        ${
          step.steps.length > 0 &&
          html`<ol class="steps">${step.steps.map((inner) => html`<${StepView} step=${inner} depth=${depth + 1} open=${depth === 0} />`)}</ol>`
        }
      </${Folded}></div>
    </details>
    ${step.tex && html`<${CopyButton} text=${step.tex} what="LaTeX of this step" />`}
  </li>`;
}
