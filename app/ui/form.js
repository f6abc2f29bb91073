/** The question: a form drawn from the lab's fields, there before Python is. */

import { html } from '../page/html.ts';
import { Folded } from '../render/draw_queue.ts';
import { EngineLine } from './engine_line.ts';
import { FieldView } from './field.js';

/** @typedef {import('../visit/state.ts').State} State */
/** @typedef {import('../visit/session.ts').Session} Session */

/** @param {{state: State, session: Session}} props */
export function Form({ state, session }) {
  const { lab, error } = state;
  const draw = (/** @type {import('../generated/types').Field} */ field) =>
    html`<${FieldView} key=${`${lab.name} ${field.name}`} field=${field} state=${state} session=${session}
      error=${error?.field === field.name ? error : null} />`;
  const advanced = lab.fields.filter((field) => field.advanced);
  // An advanced field that differs from its default must not hide what it does to the answer.
  const changed = advanced.some(
    (field) => (state.inputs[field.name] ?? '') !== field.default || error?.field === field.name,
  );
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    session.commit();
  };
  return html`<form class="form" onSubmit=${submit} autocomplete="off" novalidate>
    ${lab.fields.filter((field) => !field.advanced).map(draw)}
    ${
      advanced.length > 0 &&
      html`<details class="advanced fold" open=${changed || undefined}>
      <summary>More</summary><${Folded} now=${changed}>${advanced.map(draw)}</${Folded}>
    </details>`
    }
    ${error && !error.field && html`<div class="field-error" role="alert"><p>${error.message}</p>${error.hint && html`<p class="hint">${error.hint}</p>`}</div>`}
    <div class="submit">
      <button type="submit" class="primary">${lab.title}</button>
      <${EngineLine} engine=${state.engine} retry=${session.retry}>
        <kbd>/</kbd> to type, <kbd>Enter</kbd> to answer
      </${EngineLine}>
    </div>
  </form>`;
}
