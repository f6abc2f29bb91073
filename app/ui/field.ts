/** One input: its label, its control, what was understood, what is wrong. */

import { useId, useRef, useState } from 'preact/hooks';
import type { Field } from '../generated/types';
import { html } from '../page/html.ts';
import { Folded } from '../render/draw_queue.ts';
import { Prose } from '../render/formula/prose.ts';
import { Tex } from '../render/formula/tex.ts';
import type { Session } from '../visit/session.ts';
import type { Form, State } from '../visit/state.ts';
import { FileButton, isUneditable, LongText, useFile } from './file.ts';
import { joined, pauseFor } from './keys.ts';
import type { Previewed, Remark } from './preview.ts';
import { isPreviewed, usePreview } from './preview.ts';
import { Symbols } from './symbols.ts';
import { Underlined } from './underlined.ts';

export interface FieldProps {
  field: Field;
  form: Form;
  state: State;
  session: Session;
}

/** What every control gets. */
interface ControlProps {
  id: string;
  field: Field;
  value: string;
  session: Session;
  wrong: boolean;
  remarks: Remark[];
}

export function FieldView({ field, form, state, session }: FieldProps) {
  const id = useId();
  const value = form.inputs[field.name] ?? '';
  const [helped, setHelped] = useState(false);
  const preview = usePreview(field, value, { ...form, engine: state.engine }, session);
  const remarks = preview.stale ? [] : preview.remarks;
  const wrong = state.error?.field === field.name;
  const view: ControlProps = { id, field, value, session, wrong, remarks };
  const several = field.kind === 'text' && field.choices.length > 0;
  const grouped = several || (field.kind === 'choice' && !listed(field));
  const Control = several ? Several : field.kind === 'choice' ? Choice : field.kind === 'data' ? Data : Text;
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
  </div>`;
}

const HelpButton = ({
  field,
  id,
  open,
  onClick,
}: {
  field: Field;
  id: string;
  open: boolean;
  onClick: () => void;
}) => html`<button type="button" class="quiet help-button"
  aria-label=${`Help for ${field.label}`} aria-expanded=${open} aria-controls=${id} onClick=${onClick}>?</button>`;

/** As tall as the text, within reason. */
const rowsFor = (text: string) =>
  Math.max(text.trim().includes('\n') ? 6 : 2, Math.min(16, text.split('\n').length + 1));

function Text({ id, field, value, session, wrong, remarks }: ControlProps) {
  const control = useRef(null as HTMLInputElement | HTMLTextAreaElement | null);
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
      [wrong && 'what-is-wrong', remarks.length > 0 && `${id}-remarks`, field.help && `${id}-help`]
        .filter(Boolean)
        .join(' ') || undefined,
    onInput: ({ currentTarget: { value } }: any) => session.type(field.name, value, pauseFor(field.kind, value)),
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

function Data(props: ControlProps) {
  const { field, session } = props;
  const { take, drop, problem } = useFile((files) => session.apply({ [field.name]: files[0]?.text ?? '' }));
  const Body = isUneditable(props.value) ? LongText : Text;
  return html`<div class="drop" ...${drop}>
    <${Body} ...${props} />
    <${FileButton} label=${field.label} take=${take} problem=${problem} />
  </div>`;
}

/** Choices that are too many or too long to stand side by side make a list. */
const listed = (field: Field) => field.choices.join('').length > 32;

function Choice({ id, field, value, session, wrong }: ControlProps) {
  const choose = (event: any) => session.apply({ [field.name]: event.currentTarget.value });
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

/** Any of the choices, switched on and off; the text of the field has those that are on, with commas between. */
function Several({ id, field, value, session }: ControlProps) {
  const on = value.split(',').map((part) => part.trim());
  const turn = (choice: string) => {
    const next = field.choices.filter((each) => on.includes(each) !== (each === choice));
    session.apply({ [field.name]: next.join(', ') });
  };
  return html`<div class="choices" role="group" aria-labelledby=${`${id}-label`}>${field.choices.map(
    (choice) => html`<button type="button" class="chip" aria-pressed=${on.includes(choice)}
      onClick=${() => turn(choice)}>${choice}</button>`,
  )}</div>`;
}

/** What makes a formula more than a line high; its room is there before Python has read it. */
const TALL = /[/÷]|frac|\bif\b|piecewise|where|cases/;

const Preview = ({
  id,
  field,
  value,
  session,
  wrong,
  remarks,
  preview: { tex, stale },
}: ControlProps & {
  preview: Previewed & { stale: boolean };
}) => html`<div class="preview" data-stale=${stale} data-tall=${TALL.test(value) || undefined}>${tex && !(wrong && stale) && html`<${Tex} tex=${tex} />`}</div>
    <div id=${`${id}-remarks`}>${remarks.map(
      (remark) => html`<p class="remark" data-code=${remark.code}><${Prose} text=${remark.message} />
        ${remark.alternative && html` <button type="button" class="link" onClick=${() => session.apply({ [field.name]: remark.alternative })}>Take <code>${remark.alternative}</code></button>`}
      </p>`,
    )}</div>`;
