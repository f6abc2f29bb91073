/** One input: its label, its control, what was understood, what is wrong. */

import { useId, useRef, useState } from 'preact/hooks';
import { html } from '../page/html.ts';
import { Folded } from '../render/draw_queue.ts';
import { Prose } from '../render/formula/prose.ts';
import { Tex } from '../render/formula/tex.ts';
import { Caret } from './caret.ts';
import { FileButton, isUneditable, LongText, useFile } from './file.ts';
import { isPreviewed, usePreview } from './preview.ts';
import { Underlined } from './underlined.ts';

/** @typedef {import('../generated/types').Field} Field */
/** @typedef {import('../visit/state.ts').State} State */
/** @typedef {import('../visit/session.ts').Session} Session */

/** What a phone's keyboard hides. */
const SYMBOLS = ['^', '(', ')', '*', '/', '√', 'π', '='];

/** @param {{field: Field, state: State, session: Session, error: State['error']}} props */
export function FieldView({ field, state, session, error }) {
  const id = useId();
  const value = state.inputs[field.name] ?? '';
  const [helped, setHelped] = useState(false);
  const preview = usePreview(field, value, state, session);
  const remarks = preview.stale ? [] : preview.remarks;
  const view = { id, field, value, session, wrong: Boolean(error), remarks };
  const grouped = field.kind === 'choice' && !listed(field);
  const Control = field.kind === 'choice' ? Choice : field.kind === 'data' ? Data : Text;
  return html`<div class="field" data-field=${field.name} data-kind=${field.kind}>
    <div class="field-head">
      ${grouped ? html`<span class="name" id=${`${id}-label`}>${field.label}</span>` : html`<label for=${id}>${field.label}</label>`}
      ${field.help && html`<${HelpButton} field=${field} id=${`${id}-help`} open=${helped} onClick=${() => setHelped(!helped)} />`}
    </div>
    ${
      field.help &&
      html`<p class="help" id=${`${id}-help`} hidden=${!helped}><${Folded} now=${helped}><${Prose} text=${field.help} />${
        isPreviewed(field) && html` <a href="#/help/syntax">All that can be written</a>`
      }</${Folded}></p>`
    }
    <${Control} ...${view} />
    ${isPreviewed(field) && html`<${Preview} ...${view} preview=${preview} />`}
    ${
      error &&
      html`<div class="field-error" id=${`${id}-error`} role="alert">
      ${error.span && error.text && html`<${Caret} text=${error.text} span=${error.span} />`}
      <p>${error.message}</p>
      ${error.hint && html`<p class="hint">${error.hint}</p>`}
    </div>`
    }
  </div>`;
}

/** @param {{field: Field, id: string, open: boolean, onClick: () => void}} props */
const HelpButton = ({ field, id, open, onClick }) => html`<button type="button" class="quiet help-button"
  aria-label=${`Help for ${field.label}`} aria-expanded=${open} aria-controls=${id} onClick=${onClick}>?</button>`;

/** @typedef {import('./preview.ts').Remark} Remark */
/** @typedef {{id: string, field: Field, value: string, session: Session, wrong: boolean, remarks: Remark[]}} ControlProps */

/** As tall as the text, within reason. @param {string} text */
const rowsFor = (text) => Math.max(6, Math.min(16, text.split('\n').length + 1));

/** @param {ControlProps} props */
function Text({ id, field, value, session, wrong, remarks }) {
  const control = useRef(/** @type {HTMLInputElement | HTMLTextAreaElement | null} */ (null));
  const long = field.kind === 'code' || field.kind === 'data';
  const common = {
    id,
    ref: control,
    name: field.name,
    value,
    placeholder: field.placeholder,
    spellcheck: field.kind === 'text',
    autocapitalize: 'off',
    autocomplete: 'off',
    autocorrect: 'off',
    required: field.required,
    'aria-invalid': wrong || undefined,
    'aria-describedby':
      [wrong && `${id}-error`, remarks.length > 0 && `${id}-remarks`, field.help && `${id}-help`]
        .filter(Boolean)
        .join(' ') || undefined,
    onInput: (/** @type {any} */ event) => session.type(field.name, event.currentTarget.value),
    onChange: () => session.commit(),
  };
  if (long)
    return html`<textarea ...${common} rows=${rowsFor(value)} wrap=${field.kind === 'code' ? 'off' : undefined}></textarea>`;
  const inputmode = field.kind === 'number' ? 'decimal' : field.kind === 'integer' ? 'numeric' : undefined;
  return html`<div class="control">
      <input type="text" ...${common} inputmode=${inputmode} enterkeyhint="go" onPaste=${joined} />
      <${Underlined} text=${value} remarks=${remarks} control=${control} />
      ${field.unit && html`<span class="unit">${field.unit}</span>`}
    </div>
    ${isPreviewed(field) && html`<${Symbols} control=${control} />`}`;
}

/** @param {ControlProps} props */
function Data(props) {
  const { field, session } = props;
  const { take, drop, problem } = useFile((text) => session.apply({ [field.name]: text }));
  const Body = isUneditable(props.value) ? LongText : Text;
  return html`<div class="drop" ...${drop}>
    <${Body} ...${props} />
    <${FileButton} label=${field.label} take=${take} problem=${problem} />
  </div>`;
}

/** Lines pasted into a field of one line would run into each other: they come in with semicolons between. @param {ClipboardEvent} event */
function joined(event) {
  const text = event.clipboardData?.getData('text/plain').trim() ?? '';
  if (!/[\r\n]/.test(text)) return;
  event.preventDefault();
  const node = /** @type {HTMLInputElement} */ (event.currentTarget);
  const lines = text.split(/\s*[\r\n]+\s*/).map((line) => line.replace(/[;,]$/, ''));
  node.setRangeText(lines.join('; '), node.selectionStart ?? 0, node.selectionEnd ?? node.value.length, 'end');
  node.dispatchEvent(new Event('input', { bubbles: true }));
}

/** @param {{control: {current: HTMLInputElement | HTMLTextAreaElement | null}}} props */
function Symbols({ control }) {
  const put = (/** @type {string} */ symbol) => {
    const node = control.current;
    if (!node) return;
    const [start, end] = [node.selectionStart ?? node.value.length, node.selectionEnd ?? node.value.length];
    node.setRangeText(symbol, start, end, 'end');
    node.dispatchEvent(new Event('input', { bubbles: true }));
  };
  return html`<div class="symbols" role="group" aria-label="Symbols">${SYMBOLS.map(
    (
      symbol,
    ) => html`<button type="button" tabindex="-1" onMouseDown=${(/** @type {Event} */ event) => event.preventDefault()}
      onClick=${() => put(symbol)}>${symbol}</button>`,
  )}</div>`;
}

/** Choices that are too many or too long to stand side by side make a list. @param {Field} field */
const listed = (field) => field.choices.join('').length > 32;

/** @param {ControlProps} props */
function Choice({ id, field, value, session, wrong }) {
  const choose = (/** @type {any} */ event) => session.apply({ [field.name]: event.currentTarget.value });
  if (listed(field)) {
    return html`<select id=${id} name=${field.name} value=${value} onChange=${choose} aria-invalid=${wrong || undefined}>
      ${field.choices.map((choice) => html`<option value=${choice}>${choice}</option>`)}
    </select>`;
  }
  return html`<div class="segments" role="radiogroup" aria-labelledby=${`${id}-label`}>${field.choices.map(
    (choice) => html`<label>
      <input type="radio" name=${field.name} value=${choice} checked=${choice === value} onChange=${choose} />
      <span>${choice}</span>
    </label>`,
  )}</div>`;
}

/** What makes a formula more than a line high; its room is there before Python has read it. */
const TALL = /[/÷]|frac|\bif\b|piecewise|where|cases/;

/** @param {ControlProps & {preview: ReturnType<typeof usePreview>}} props */
function Preview({ id, field, value, session, wrong, remarks, preview: { tex, stale } }) {
  return html`<div class="preview" data-stale=${stale} data-tall=${TALL.test(value) || undefined}>${tex && !(wrong && stale) && html`<${Tex} tex=${tex} />`}</div>
    <div id=${`${id}-remarks`}>${remarks.map(
      (remark) => html`<p class="remark" data-code=${remark.code}><${Prose} text=${remark.message} />
        ${remark.alternative && html` <button type="button" class="link" onClick=${() => session.apply({ [field.name]: remark.alternative })}>Take <code>${remark.alternative}</code></button>`}
      </p>`,
    )}</div>`;
}
