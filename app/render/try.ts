/** A derivation that the reader tries: one step asked at a time, judged as a claim, with hints before the solution. */

import { useContext, useId, useState } from 'preact/hooks';
import type { Block, Step } from '../generated/types';
import { html } from '../page/html.ts';
import { exercisesOf, isNumber } from './exercises.ts';
import { Prose } from './formula/prose.ts';
import { Formula } from './formula/tex.ts';
import { JudgeContext, type Judged } from './judge.ts';
import { NoteView } from './note.ts';
import { TableView } from './table.ts';

/** @param done closes it */
export function Try({ steps, done }: { steps: Step[]; done: () => void }) {
  const exercises = exercisesOf(steps);
  const [at, setAt] = useState(0);
  const passed = exercises.slice(0, at);
  const now = exercises[at];
  return html`<div class="try">
    ${passed.map(
      ({ step }) =>
        html`<div class="tried"><p class="step-title"><${Prose} text=${step.title} /></p><${Formula} tex=${step.tex} /></div>`,
    )}
    ${
      now
        ? html`<${Asked} key=${at} exercise=${now} place=${`${at + 1} of ${exercises.length}`} next=${() => setAt(at + 1)} />`
        : html`<p role="status">That was the last step.</p>`
    }
    <p><button type="button" class="quiet" onClick=${done}>${now ? 'Show all steps' : 'Back to the steps'}</button></p>
  </div>`;
}

function Asked({
  exercise: { step, left, ask, value },
  place,
  next,
}: {
  exercise: ReturnType<typeof exercisesOf>[number];
  place: string;
  next: () => void;
}) {
  const id = useId();
  const judge = useContext(JudgeContext);
  const [typed, setTyped] = useState('');
  const [hinted, setHinted] = useState(false);
  const [judging, setJudging] = useState(false);
  const [judged, setJudged] = useState(null as Judged | null);
  const [problem, setProblem] = useState('');
  const check = async (event: Event) => {
    event.preventDefault();
    if (!typed.trim() || judging) return;
    setProblem('');
    if (!ask) {
      const right = isNumber(typed, value);
      if (right) next();
      else setJudged({ verdict: 'wrong', blocks: [] });
      return;
    }
    setJudging(true);
    try {
      const judged = await (judge as NonNullable<typeof judge>)(ask, typed);
      if (judged.verdict === 'right') next();
      else setJudged(judged);
    } catch (error) {
      setProblem((error as Error).message);
    } finally {
      setJudging(false);
    }
  };
  return html`<form class="asked" onSubmit=${check} autocomplete="off" novalidate>
    <p class="eyebrow">Step ${place}: <${Prose} text=${step.title} /></p>
    <${Formula} tex=${`${left} = \\;?`} />
    <div class="asked-row">
      <label for=${id}>What comes next?</label>
      <input id=${id} type="text" value=${typed} autocapitalize="off" spellcheck=${false} ref=${focused}
        onInput=${(event: any) => setTyped(event.currentTarget.value)} aria-describedby=${`${id}-said`} />
      <button type="submit" class="primary" disabled=${judging}>Check</button>
      ${step.why && !hinted && html`<button type="button" onClick=${() => setHinted(true)}>Hint</button>`}
      <button type="button" class="quiet" onClick=${next}>Show it</button>
    </div>
    ${hinted && html`<p class="hint"><${Prose} text=${step.why} /></p>`}
    <div id=${`${id}-said`} role="status">
      ${problem && html`<p class="note" data-tone="warning">${problem}</p>`}
      ${judged && (judged.blocks.length ? judged.blocks.map(told) : html`<p>That is not it yet.</p>`)}
    </div>
  </form>`;
}

/** What is said of an answer: its verdict, and the mistakes that give it. */
const told = (block: Block) =>
  block.kind === 'note'
    ? html`<${NoteView} block=${block} apply=${() => {}} />`
    : block.kind === 'table'
      ? html`<${TableView} block=${block} />`
      : block.kind === 'prose' && html`<p><${Prose} text=${block.text} /></p>`;

/** The field of a step is where one goes on. */
const focused = (node: HTMLElement | null) => node?.focus({ preventScroll: true });
