/** Exercises on a sheet, numbered and seeded: their solutions stand on its last page. */

import { useEffect, useState } from 'preact/hooks';
import type { Math as Formula } from '../generated/types';
import { html } from '../page/html.ts';
import { Tex } from '../render/formula/tex.ts';
import type { Task } from '../visit/practice.ts';
import { seedsOf } from '../visit/practice.ts';
import type { Session } from '../visit/session.ts';
import { answerOf } from './judging.ts';
import { printAnswer } from './paper.ts';

type Item = { seed: number; asked: string; solved: string };

export function Worksheet({ session, task }: { session: Session; task: Task }) {
  const [items, setItems] = useState([] as Item[]);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    let current = true;
    const fill = async () => {
      for (const seed of seedsOf(task)) {
        const item = await itemOf(session, task, seed);
        if (!current) return;
        setItems((items) => [...items, item]);
      }
    };
    fill().catch((error) => setProblem(error.message));
    return () => {
      current = false;
    };
  }, []);
  const whole = items.length === task.sheet;
  return html`<section class="sheet" aria-label="Exercises">
      <p>Differentiate with respect to <i>x</i>.</p>
      <ol>${items.map(({ asked }) => html`<li><${Tex} tex=${asked} /></li>`)}</ol>
      ${problem && html`<p class="note" data-tone="warning" role="alert">${problem}</p>`}
      <p class="sheet-tools" role="status">${
        whole
          ? html`<button type="button" class="primary" onClick=${printAnswer}>Print</button>`
          : `${items.length} of ${task.sheet} exercises …`
      }</p>
    </section>
    ${
      whole &&
      !task.test &&
      html`<section class="sheet solutions" aria-label="Solutions"><h2>Solutions</h2>
        <ol>${items.map(({ solved }) => html`<li><${Tex} tex=${solved} /></li>`)}</ol></section>`
    }`;
}

async function itemOf(session: Session, { rule, level }: Task, seed: number): Promise<Item> {
  const exercise = await answerOf(session, 'derive', { practice: `${rule} ${level} seed ${seed}` });
  const reading = formulaOf(exercise.blocks, 'reading');
  const answer = await answerOf(session, 'derive', { f: reading.text, wrt: 'x' });
  return { seed, asked: reading.tex, solved: formulaOf(answer.blocks, 'result').tex };
}

const formulaOf = (blocks: { kind: string }[], role: Formula['role']) =>
  blocks.find((block) => block.kind === 'math' && (block as Formula).role === role) as Formula;
