/** What was understood, as chips: each shows the words it came from, and is changed where it stands. */

import { useEffect, useId, useRef, useState } from 'preact/hooks';
import schema from '../generated/schema.json' with { type: 'json' };
import type { Field } from '../generated/types';
import { html } from '../page/html.ts';
import type { Session } from '../visit/session.ts';
import type { Form, State } from '../visit/state.ts';
import { formOf } from '../visit/state.ts';
import { focusBox, mainField } from './box.ts';
import { FieldView } from './field.ts';
import type { Part, Question, Span } from './question.ts';
import { hueOf } from './question.ts';

/** Of a value, so many characters are shown. */
const SHOWN = 36;
/** Of words left unread, so many pieces stand beside the chips; more are counted, a click away. */
const PIECES = 2;
/** Roles whose parts are told otherwise: a request by what is asked. */
const UNTOLD = ['request', 'mention', 'unused'];
/** What the chips are opened for beside a field. */
const [LAB, MORE] = ['as lab', 'more'];

const roles: Record<string, Record<string, string>> = schema.roles;

interface ChipsProps {
  state: State;
  session: Session;
  /** show the places of the text that the reader points at */
  light: (spans: Span[]) => void;
}

export function Chips({ state, session, light }: ChipsProps) {
  const [open, setOpen] = useState('');
  const row = useRef(null as HTMLElement | null);
  const id = useId();
  const form = formOf(state, session.labs, session.asking);
  useEffect(() => setOpen(''), [form?.lab]);
  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => row.current?.contains(event.target as Node) || setOpen('');
    const gone = () => setOpen('');
    addEventListener('pointerdown', away);
    addEventListener('hashchange', gone);
    return () => {
      removeEventListener('pointerdown', away);
      removeEventListener('hashchange', gone);
    };
  }, [open]);
  if (!form) return null;
  const whole = state.lab === session.asking;
  const question = whole ? ((state.document?.values.question as Question | undefined) ?? null) : null;
  const inBox = whole ? null : mainField(form);
  const fields = form.lab.fields.filter(({ name }) => name !== inBox?.name);
  const isChanged = (field: Field) => (form.inputs[field.name] ?? '').trim() !== field.default.trim();
  // An advanced field that differs from its default must not hide what it does to the answer.
  // A program says itself what other fields would.
  const silent = whole || inBox?.kind === 'code';
  const isOffered = (field: Field) => !field.advanced && (!silent || (field.name === 'claim' && !whole));
  const shown = fields.filter((field) => isChanged(field) || isOffered(field) || field.name === open);
  const more = fields.filter((field) => !shown.includes(field));
  const field = fields.find(({ name }) => name === open);
  const chip = (name: string, label: any, more: Record<string, any> = {}) => html`<li><button type="button" class="chip"
      aria-expanded=${open === name} aria-controls=${id} onClick=${() => setOpen(open === name ? '' : name)} ...${more}>${label}</button></li>`;
  const close = () => {
    setOpen('');
    (row.current?.querySelector('[aria-expanded=true]') as HTMLElement | null)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !open) return;
    event.stopPropagation();
    close();
  };
  const onFocusOut = (event: FocusEvent) => {
    const to = event.relatedTarget as Node | null;
    if (to && !row.current?.contains(to)) setOpen('');
  };
  return html`<section class="understood" aria-label="Understood as" ref=${row} onKeyDown=${onKeyDown} onFocusOut=${onFocusOut}>
    <ul class="chips">
      ${chip(LAB, html`<span class="role">as</span> ${form.lab.title}`, { 'data-lab': form.lab.name })}
      ${question && question.asked.length > 0 && html`<${Asked} question=${question} light=${light} />`}
      ${shown.map((field) =>
        chip(
          field.name,
          html`<span class="role">${labelOf(field, form)}</span> <${Brief} text=${form.inputs[field.name] ?? ''} kind=${field.kind} />`,
          {
            'data-hue': hueOfField(form, field),
            'data-wrong': state.error?.field === field.name || undefined,
            ...lighting(question, form, field, light),
          },
        ),
      )}
      ${question && html`<${Others} question=${question} form=${form} light=${light} />`}
      ${more.length > 0 && chip(MORE, 'More')}
    </ul>
    <div class="chip-panel" id=${id} hidden=${!open} role="group" aria-label="Change it">
      ${open === LAB && html`<${Labs} state=${state} session=${session} question=${question} done=${close} />`}
      ${open === MORE && more.map((field) => html`<${FieldView} key=${field.name} field=${field} form=${form} state=${state} session=${session} />`)}
      ${field && html`<${ChipForm} session=${session} done=${close}><${FieldView} key=${field.name} field=${field} form=${form} state=${state} session=${session} /></${ChipForm}>`}
    </div>
  </section>`;
}

/** Enter takes what is typed; a program takes Ctrl and Enter. */
function ChipForm({ session, done, children }: { session: Session; done: () => void; children?: any }) {
  const node = useRef(null as HTMLElement | null);
  useEffect(() => (node.current?.querySelector('input, textarea, select') as HTMLElement | null)?.focus(), []);
  const submit = (event: Event) => {
    event.preventDefault();
    session.commit();
    done();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
  };
  return html`<form ref=${node} onSubmit=${submit} onKeyDown=${onKeyDown} autocomplete="off" novalidate>${children}</form>`;
}

/** What is asked about the asker's own answer is, once it is there, that answer. */
const labelOf = ({ name, label }: Field, { inputs }: Form) =>
  name === 'claim' && inputs.claim?.trim() ? 'Your answer' : label;

const partsOf = (question: Question | null, form: Form, field: Field): Part[] =>
  question?.parts.filter(({ role }) => roles[form.lab.name]?.[role] === field.name) ?? [];

function hueOfField({ lab }: Form, { name }: Field) {
  const role = Object.entries(roles[lab.name] ?? {}).find(([, field]) => field === name)?.[0];
  return hueOf(role ?? '');
}

/** What points at the words of the text while a chip is pointed at. */
function lights(spans: Span[], light: ChipsProps['light']) {
  if (spans.length === 0) return {};
  const [on, off] = [() => light(spans), () => light([])];
  return { onMouseEnter: on, onMouseLeave: off, onFocus: on, onBlur: off };
}

const lighting = (question: Question | null, form: Form, field: Field, light: ChipsProps['light']) =>
  lights(
    partsOf(question, form, field).map(({ span }) => span),
    light,
  );

/** What is asked for, in the words that all questions share; the first is what the answer is about. */
function Asked({ question, light }: { question: Question; light: ChipsProps['light'] }) {
  const spans = question.parts.filter(({ role }) => role === 'request').map(({ span }) => span);
  const words = question.asked.filter((word) => !question.asked.includes(`${word}s`));
  return html`<li><button type="button" class="chip told" ...${lights(spans, light)}><span class="role">asked</span> ${words.join(', ')}</button></li>`;
}

function Brief({ text, kind }: { text: string; kind: Field['kind'] }) {
  const line = text.trim();
  if (!line) return html`<span class="role">…</span>`;
  const lines = line.split('\n').length;
  if (lines > 1) return html`${lines} lines`;
  const short = line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
  return kind === 'choice' ? short : html`<code>${short}</code>`;
}

/** Parts of the text that fill no field, and the words that were not read. */
function Others({ question, form, light }: { question: Question; form: Form; light: ChipsProps['light'] }) {
  const [all, setAll] = useState(false);
  const { parts, unused } = question;
  const filling = roles[form.lab.name] ?? {};
  const others = parts.filter(({ role }) => !UNTOLD.includes(role) && !(role in filling));
  const unread = all || unused.length <= PIECES ? unused : [];
  return html`${others.map(
    ({ role, text, read, span }) =>
      html`<li><button type="button" class="chip told" data-hue=${hueOf(role)} ...${lights([span], light)}><span class="role">${role}</span> <${Brief} text=${read || text} kind="text" /></button></li>`,
  )}
  ${unread.map(({ text, span }) => html`<li><button type="button" class="chip told unread" ...${lights([span], light)}><span class="unseen">not read:</span><s><${Brief} text=${text} kind="text" /></s></button></li>`)}
  ${
    unused.length > PIECES &&
    html`<li><button type="button" class="chip unread" aria-expanded=${all} onClick=${() => setAll(!all)}
      ...${lights(
        unused.map(({ span }) => span),
        light,
      )}>${unused.length} not read</button></li>`
  }`;
}

/** Another lab for the same text; of a lab without a text, its example and an empty form. */
function Labs({
  state,
  session,
  question,
  done,
}: {
  state: State;
  session: Session;
  question: Question | null;
  done: () => void;
}) {
  const other = (act: () => void) => () => {
    done();
    act();
  };
  const empty = () => {
    session.reset({});
    focusBox(document.querySelector('.box'));
  };
  const whole = state.lab === session.asking;
  const now = formOf(state, session.labs, session.asking)?.lab;
  const likely = (name: string) => question?.others.includes(name);
  const labs = session.labs
    .filter((lab) => lab !== now)
    .sort((a, b) => Number(likely(b.name)) - Number(likely(a.name)));
  return html`<p class="eyebrow">${whole ? 'Read it for another lab' : 'Another lab'}</p>
    <div class="choices">${labs.map(
      (lab) => html`<button type="button" class="chip" data-likely=${likely(lab.name)}
        onClick=${other(() => (whole ? session.question(state.inputs.q ?? '', lab.name) : session.open(lab)))}>${lab.title}</button>`,
    )}
    ${whole && state.inputs.lab !== 'any' && html`<button type="button" class="chip" onClick=${other(() => session.question(state.inputs.q ?? ''))}>The one that fits</button>`}</div>
    ${
      !whole &&
      html`<div class="choices"><button type="button" class="chip" onClick=${other(() => session.reset(state.lab.example))}>Example</button>
      <button type="button" class="chip" onClick=${other(empty)}>Empty</button></div>`
    }`;
}
