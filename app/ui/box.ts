/** The box: takes any question, program or data, and stays on top of its answer, folded to two lines once it is asked. */

import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Field } from '../generated/types';
import { html } from '../page/html.ts';
import { answersHere } from '../visit/here.ts';
import { questionOf } from '../visit/past_question.ts';
import type { Session } from '../visit/session.ts';
import type { Form, State } from '../visit/state.ts';
import { formOf } from '../visit/state.ts';
import { FieldView } from './field.ts';
import { FileButton, FileList, isUneditable, useFile } from './file.ts';
import { joined, split, withFiles } from './files.ts';
import { EXAMPLES } from './gallery.ts';
import { Paste } from './paste.ts';
import type { Question, Span } from './question.ts';
import type { Found } from './reading.ts';
import { Symbols } from './symbols.ts';

export interface BoxProps {
  state: State;
  session: Session;
  /** what Python reads in the text while it is written */
  found: Found | null;
  /** whether the text is open to be written in, and the way to open and to fold it */
  open: boolean;
  turn: (open: boolean) => void;
  /** the places of the text that the reader points at */
  lit: Span[];
}

export function Box(props: BoxProps) {
  const { state, session, turn } = props;
  const place = useRef(null as HTMLElement | null);
  const whole = state.page !== '' || state.lab === session.asking;
  const edit = () => {
    turn(true);
    // Once it stands where the folded lines were.
    requestAnimationFrame(() => focusBox(place.current));
  };
  return html`<div class="box" ref=${place}>
    ${whole ? html`<${AskBox} ...${props} edit=${edit} />` : html`<${LabBox} ...${props} edit=${edit} />`}
    <${Bar} place=${place} text=${state.page ? '' : questionOf(state.lab, state.inputs)} edit=${edit} />
  </div>`;
}

/** Put the caret at the end of what is written. */
export function focusBox(place: Element | null) {
  const field = place?.querySelector('input[type=text], textarea, [tabindex]') as HTMLInputElement | null;
  field?.focus();
  if (field && 'value' in field) field.setSelectionRange(field.value.length, field.value.length);
}

function AskBox({ state, session, found, open, turn, lit, edit }: BoxProps & { edit: () => void }) {
  const id = useId();
  const area = useRef(null as HTMLTextAreaElement | null);
  const text = state.page ? '' : (state.inputs.q ?? '');
  const { typed, files } = split(text);
  // What is begun in an empty box stays open until it is asked.
  const write = (text: string) => {
    turn(true);
    session.write(text);
  };
  const file = useFile((more) => write(withFiles(text, more)));
  const without = (name: string) => files.filter((one) => one.name !== name);
  const remove = (name: string) => write(joined(typed, without(name)));
  const submit = async (event: Event) => {
    event.preventDefault();
    const link = await answersHere(text, [...session.labs, session.asking], EXAMPLES);
    if (link) {
      turn(false);
      location.hash = link;
    } else if (!text.trim() || (found?.of === text && found.error)) {
      if (text.trim()) session.commit();
      area.current?.focus();
    } else {
      turn(false);
      session.commit();
      document.getElementById('answer')?.focus({ preventScroll: true });
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || !typed.includes('\n')) submit(event);
  };
  if (!open && text.trim()) {
    const question = (state.answered?.q === text && (state.document?.values.question as Question)) || null;
    return html`<${Paste} text=${text} question=${question} lit=${lit} edit=${edit} label="Edit the text" />`;
  }
  const lines = typed.includes('\n');
  return html`<form onSubmit=${submit} autocomplete="off" novalidate>
    <label for=${id}>Your question: a formula, LaTeX, data, a program, an error with its program, or all in one</label>
    <div class="drop" ...${file.drop}>
      ${
        isUneditable(typed)
          ? html`<div class="long-text" id=${id} tabindex="0" role="group" aria-label="A long text">
              <pre>${typed.slice(0, 300)}…</pre>
              <p>${typed.length.toLocaleString()} characters, too long to edit here. <button type="button" class="link" onClick=${() => write(joined('', files))}>Remove</button></p>
            </div>`
          : html`<textarea id=${id} ref=${area} rows=${Math.max(3, Math.min(14, typed.split('\n').length + 1))} value=${typed}
              placeholder=${files.length > 0 ? 'Your question about the files, and the program that reads them' : PLACEHOLDER} spellcheck=${false} autocapitalize="off" autocomplete="off" autocorrect="off"
              onInput=${(event: any) => write(joined(event.currentTarget.value, files))} onKeyDown=${onKeyDown}></textarea>`
      }
      <${FileList} files=${files} remove=${remove} />
      <${Symbols} control=${area} />
    </div>
    <div class="box-foot">
      <button type="submit" class="primary">Answer it</button>
      <span class="keys"><kbd>${lines ? 'Ctrl' : 'Enter'}</kbd>${lines && html` <kbd>Enter</kbd>`}</span>
      <${FileButton} label="the box" several take=${file.take} problem=${file.problem} />
      <p class="stays">It stays in this browser: nothing is sent anywhere.</p>
    </div>
  </form>`;
}

const PLACEHOLDER = `loss = (w*x - y)**2  at x=2, y=2, w=3.  I get 8, PyTorch says 16
import torch …`;

/** The question of a lab: its main field stands in the box, the others are chips. */
function LabBox({ state, session, open, turn, edit }: BoxProps & { edit: () => void }) {
  const form = formOf(state, session.labs, session.asking) as Form;
  const main = useMain(form);
  const text = form.inputs[main.name] ?? '';
  const submit = (event: Event) => {
    event.preventDefault();
    if (text.includes('\n')) turn(false);
    session.commit();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
  };
  if (!open && text.trim().includes('\n') && state.error?.field !== main.name)
    return html`<${Paste} text=${text} question=${null} lit=${[]} edit=${edit} label=${`Edit the ${main.label.toLowerCase()}`} />`;
  return html`<form onSubmit=${submit} onKeyDown=${onKeyDown} autocomplete="off" novalidate>
    <${FieldView} key=${`${form.lab.name} ${main.name}`} field=${main} form=${form} state=${state} session=${session} />
    <button type="submit" class="primary">Answer it</button>
  </form>`;
}

const KINDS = ['formula', 'formulas', 'code', 'data'];

/**
 * The field that stands in the box: the first that holds a formula, a program or data; of an exercise, the asker's own
 * answer.
 */
export function mainField({ lab, inputs }: Form): Field {
  const own = inputs.practice?.trim() ? lab.fields.find(({ name }) => name === 'claim') : undefined;
  if (own) return { ...own, label: 'Your answer to the exercise', placeholder: 'The derivative, in any form' };
  const able = lab.fields.filter(({ kind }) => KINDS.includes(kind));
  return (able.find(({ name }) => inputs[name]?.trim()) ?? able[0] ?? lab.fields[0]) as Field;
}

/** It stays the same field while one writes in it. */
function useMain(form: Form): Field {
  const main = useRef({ lab: form.lab, field: mainField(form) });
  if (main.current.lab !== form.lab || !document.activeElement?.closest('.box'))
    main.current = { lab: form.lab, field: mainField(form) };
  return main.current.field;
}

/** What is asked, in a line on top of the page, once the box has been scrolled away; it lies over the page. */
function Bar({ place, text, edit }: { place: { current: Element | null }; text: string; edit: () => void }) {
  const [gone, setGone] = useState(false);
  useEffect(() => {
    if (!place.current) return;
    const watch = new IntersectionObserver(([seen]) =>
      setGone(Boolean(seen && !seen.isIntersecting && seen.boundingClientRect.bottom <= 0)),
    );
    watch.observe(place.current);
    return () => watch.disconnect();
  }, []);
  if (!gone || !text) return null;
  const back = () => {
    scrollTo({ top: 0 });
    edit();
  };
  return html`<div class="box-bar"><button type="button" onClick=${back}><span class="unseen">Change the question: </span><code>${text}</code></button></div>`;
}
