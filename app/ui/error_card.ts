/** What is wrong, where the answer would stand: the line with its fault marked, why, and what is near and answered. */

import { html } from '../page/html.ts';
import { PRACTICE } from '../visit/practice.ts';
import type { Session } from '../visit/session.ts';
import type { State } from '../visit/state.ts';
import { Caret } from './caret.ts';
import { EXAMPLES } from './gallery.ts';
import { nearest } from './nearest.ts';

/** So many questions are offered. */
const OFFERED = 3;
/** Errors of a text of which no lab has answered anything. */
const UNANSWERED = ['not-covered', 'unknown-lab'];
const EXERCISES = /\b(?:practi[cs]e|exercises?|quiz|drill)\b/i;

export function ErrorCard({
  error,
  state,
  session,
}: {
  error: NonNullable<State['error']>;
  state: State;
  session: Session;
}) {
  const { code, message, hint, span, text } = error;
  const whole = state.lab === session.asking;
  return html`<div class="field-error" id="what-is-wrong" role="alert">
      ${span && text && html`<${Caret} text=${text} span=${span} />`}
      <p>${message}</p>
      ${hint && html`<p class="hint">${hint}</p>`}
    </div>
    ${whole && UNANSWERED.includes(code) && html`<${Offers} text=${state.inputs.q ?? ''} session=${session} />`}`;
}

/** The same text for a lab that is chosen, and the questions of the gallery that are nearest to it. */
function Offers({ text, session }: { text: string; session: Session }) {
  const near = nearest(text, EXAMPLES, OFFERED);
  const practice = EXERCISES.test(text);
  return html`<section class="offers" aria-label="What can be done">
    <p class="eyebrow">Have it read by one of the labs:</p>
    <div class="choices">${session.labs.map(
      ({ name, title }) =>
        html`<button type="button" class="chip" onClick=${() => session.question(text, name)}>${title}</button>`,
    )}</div>
    ${
      (practice || near.length > 0) &&
      html`<p class="eyebrow">Answered here, and near to it:</p>
      <ul>${practice && html`<li><a href=${`#${PRACTICE}`}>Practice: exercises with hints and their solutions</a></li>`}
        ${near.map(({ question, link }) => html`<li><a href=${link}>${question}</a></li>`)}</ul>`
    }
  </section>`;
}
