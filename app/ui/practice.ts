/** Practice: an exercise with a field for its answer, hints one after another, the next one; or a worksheet of them. */

import { useEffect, useId, useRef, useState } from 'preact/hooks';
import schema from '../generated/schema.json' with { type: 'json' };
import type { Block, NablaDocument, Step } from '../generated/types';
import { CopyButton } from '../page/copy.ts';
import { html } from '../page/html.ts';
import { SomeBlocks } from '../render/document.ts';
import { Prose } from '../render/formula/prose.ts';
import { StepsView } from '../render/steps.ts';
import type { Task } from '../visit/practice.ts';
import { counted, keepStreak, linkOf, readStreak, taskOf } from '../visit/practice.ts';
import { EngineLine } from './engine_line.ts';
import { answerOf, ofClaim } from './judging.ts';
import type { PageProps } from './pages.ts';
import { Worksheet } from './worksheet.ts';

export const title = 'Practice';

const SHEET = 10;

export function Page(props: PageProps) {
  const { session, storage, state } = props;
  const task = useTask();
  const { rule, level, sheet, test } = task;
  const [streak, setStreak] = useState(() => readStreak(storage));
  const go = (changes: Partial<Task>) => {
    location.hash = linkOf({ ...task, ...changes });
  };
  const count = (solved: boolean) => {
    const next = counted(streak, solved);
    setStreak(next);
    keepStreak(storage, next);
  };
  const link = session.absolute(linkOf({ ...task, test: true }));
  return html`<main id="answer" class="page practice" tabindex="-1" data-state="answered" aria-labelledby="practice">
    <header class="practice-head">
      <h1 id="practice">${sheet ? 'Worksheet' : 'Practice'}</h1>
      ${streak.now > 0 && !sheet && html`<p class="streak" role="status">${streak.now} in a row${streak.best > streak.now && html`, ${streak.best} at best`}</p>`}
    </header>
    <${Choice} task=${task} go=${go} />
    ${
      sheet
        ? html`<${Worksheet} key=${linkOf(task)} session=${session} task=${task} />`
        : html`<${Exercise} key=${linkOf(task)} session=${session} task=${task} go=${go} count=${count} />`
    }
    <${EngineLine} engine=${state.engine} retry=${session.retry} />
    <footer class="practice-foot">
      ${
        sheet
          ? html`<button type="button" onClick=${() => go({ sheet: 0 })}>One at a time</button>`
          : html`<button type="button" onClick=${() => go({ sheet: SHEET })}>Worksheet of ${SHEET}, to print</button>`
      }
      ${!test && html`<${CopyButton} text=${link} what="a link without hints and solutions" label="Copy a link for a class" />`}
      <p class="hint">${test ? 'Hints and solutions are withheld in this link.' : `The link for a class shows ${sheet ? 'these exercises' : `this exercise in ${NAMES[rule]}, level ${level},`} without hints and solutions.`}</p>
    </footer>
  </main>`;
}

const { rules: NAMES, levels: LEVELS } = schema.practice as { rules: Record<string, string>; levels: number[] };

/** The task of the address, as it changes. */
function useTask(): Task {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => setHash(location.hash);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return taskOf(hash, schema.practice as any);
}

function Choice({ task, go }: { task: Task; go: (changes: Partial<Task>) => void }) {
  const id = useId();
  return html`<div class="practice-choice">
    <label for=${id}>Exercises in</label>
    <select id=${id} value=${task.rule} onChange=${(event: any) => go({ rule: event.currentTarget.value, seed: 1 })}>
      ${Object.entries(NAMES).map(([rule, name]) => html`<option value=${rule}>${name}</option>`)}
    </select>
    <div class="segments" role="radiogroup" aria-label="Level">${LEVELS.map(
      (level) => html`<label><input type="radio" name="level" checked=${level === task.level}
        onChange=${() => go({ level, seed: 1 })} /><span>Level ${level}</span></label>`,
    )}</div>
  </div>`;
}

function Exercise({
  session,
  task,
  go,
  count,
}: {
  session: PageProps['session'];
  task: Task;
  go: (changes: Partial<Task>) => void;
  count: (solved: boolean) => void;
}) {
  const id = useId();
  const field = useRef(null as HTMLInputElement | null);
  const [document, setDocument] = useState(null as NablaDocument | null);
  const [judged, setJudged] = useState(null as NablaDocument | null);
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState('');
  const [shown, setShown] = useState(0);
  const practice = `${task.rule} ${task.level} seed ${task.seed}`;
  const ask = (claim: string) => answerOf(session, 'derive', { practice, claim });
  useEffect(() => {
    ask('').then(setDocument, (error) => setProblem(error.message));
  }, []);
  useEffect(() => field.current?.focus({ preventScroll: true }), [document]);
  if (!document) return html`<p class="exercise" role="status">${problem || 'The exercise is being set …'}</p>`;
  const reading = document.blocks.filter((block) => block.kind === 'math' && block.role === 'reading');
  const hints = stepsOf(document);
  const verdict = (judged?.values.claim as any)?.verdict;
  const right = verdict === 'right';
  const check = async (event: Event) => {
    event.preventDefault();
    if (!typed.trim()) return;
    try {
      const answer = await ask(typed);
      setProblem('');
      setJudged(answer);
      if ((answer.values.claim as any)?.verdict === 'right' && !right && shown < hints.length) count(true);
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  const hint = () => {
    // The last of them is the solution.
    if (shown === hints.length - 1 && !right) count(false);
    setShown(shown + 1);
  };
  return html`<section class="exercise" aria-label="The exercise">
    <${SomeBlocks} blocks=${reading} apply=${() => {}} clockOf=${() => null} />
    <form class="asked" onSubmit=${check} autocomplete="off" novalidate>
      <div class="asked-row">
        <label for=${id}>Your derivative</label>
        <input id=${id} ref=${field} type="text" value=${typed} autocapitalize="off" spellcheck=${false}
          aria-describedby=${`${id}-said`} onInput=${(event: any) => setTyped(event.currentTarget.value)} />
        <button type="submit" class="primary">Check</button>
        ${
          !task.test &&
          shown < hints.length &&
          !right &&
          html`<button type="button" onClick=${hint}>${shown < hints.length - 1 ? `Hint ${shown + 1} of ${hints.length - 1}` : 'Show the solution'}</button>`
        }
        <button type="button" class=${right ? 'primary' : ''} onClick=${() => go({ seed: (task.seed % 999_999) + 1 })}>Next</button>
        ${right && task.level < Math.max(...LEVELS) && html`<button type="button" onClick=${() => go({ level: task.level + 1, seed: 1 })}>A harder one</button>`}
      </div>
      <div id=${`${id}-said`} role="status">
        ${problem && html`<p class="note" data-tone="warning">${problem}</p>`}
        ${judged && html`<${SomeBlocks} blocks=${ofClaim(judged.blocks)} apply=${() => {}} clockOf=${() => null} />`}
      </div>
    </form>
    ${shown > 0 && html`<ol class="hints">${hints.slice(0, shown).map((step) => html`<li><${Hint} step=${step} /></li>`)}</ol>`}
    ${right && !task.test && judged && html`<${Solution} blocks=${judged.blocks} />`}
  </section>`;
}

/** The hints of an exercise, and last its solution. */
const stepsOf = ({ blocks }: NablaDocument): Step[] =>
  blocks.flatMap((block) => (block.kind === 'steps' ? block.steps : []));

function Hint({ step }: { step: Step }) {
  const rule = step.steps[0];
  if (!step.why)
    return html`<${StepsView} block=${{ kind: 'steps', steps: step.steps, title: '', detail: 'normal' }} />`;
  return html`<p><${Prose} text=${step.why} /></p>
    ${rule?.why && html`<details class="fold"><summary>The rule</summary><p><${Prose} text=${rule.why} /></p></details>`}`;
}

/** Once it is solved, the way of the page, to compare. */
const Solution = ({
  blocks,
}: {
  blocks: Block[];
}) => html`<details class="fold"><summary>The steps of the page</summary>
  <${SomeBlocks} blocks=${blocks.filter(({ kind }) => kind === 'steps')} apply=${() => {}} clockOf=${() => null} /></details>`;
