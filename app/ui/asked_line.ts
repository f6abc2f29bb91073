/** Where a text from the start page was taken for this lab: what for, and how to have it read for another one. */

import { useState } from 'preact/hooks';
import { html } from '../page/html.ts';
import { whyMissing } from '../page/newer.ts';
import type { Session } from '../visit/session.ts';
import type { State } from '../visit/state.ts';

export function AskedLine({ state, session }: { state: State; session: Session }) {
  const [problem, setProblem] = useState('');
  const { text, what } = state.asked;
  const others = session.labs.filter((lab) => lab !== state.lab);
  const read = async (event: any) => {
    const lab = others.find(({ name }) => name === event.currentTarget.value);
    event.currentTarget.value = '';
    if (!lab) return;
    try {
      const { recogniser } = await import('./box.js');
      const { inputs, what } = (await recogniser(session.labs)).recognise(text, lab.name);
      session.ask(lab, inputs, { text, what });
    } catch (error) {
      console.warn('Nabla: the rules did not arrive.', error);
      setProblem(await whyMissing());
    }
  };
  return html`<div class="asked">
    <p>Read as: <strong>${what}</strong>. <a href="#/">Back to the text</a></p>
    <label><span class="unseen">Read it for another lab</span>
      <select onChange=${read}><option value="">Read it as …</option>${others.map(
        (lab) => html`<option value=${lab.name}>${lab.title}</option>`,
      )}</select></label>
    ${problem && html`<p role="alert">${problem}</p>`}
  </div>`;
}
