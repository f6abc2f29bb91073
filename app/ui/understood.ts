/** What a pasted text was understood as: the lab, what is asked, each part with its role, and the words left unread. */

import { useState } from 'preact/hooks';
import type { NablaDocument } from '../generated/types';
import { html } from '../page/html.ts';
import type { Session } from '../visit/session.ts';

/** `values["question"]` of an answer */
export interface Question {
  lab: string;
  asked: string[];
  parts: { role: string; text: string; span: [number, number]; read: string }[];
  unused: { text: string; span: [number, number] }[];
  others: string[];
}

/** Of a part, so many characters are shown. */
const SHOWN = 48;
/** Of the words left unread, so many pieces are shown at first. */
const PIECES = 4;
/** Roles whose parts are told otherwise: a request by what is asked. */
const UNTOLD = ['request', 'mention', 'unused'];

const titleOf = (labs: Session['labs'], name: string) => labs.find((lab) => lab.name === name)?.title ?? name;

export function Parts({ question, labs }: { question: Question; labs: Session['labs'] }) {
  const [all, setAll] = useState(false);
  const { asked, parts, unused } = question;
  const told = parts.filter(({ role }) => !UNTOLD.includes(role));
  const unread = all ? unused : unused.slice(0, PIECES);
  return html`<ul class="parts" aria-label="Understood as">
    <li class="lab">${titleOf(labs, question.lab)}</li>
    ${asked.map((what) => html`<li>${what}</li>`)}
    ${told.map(({ role, text, read }) => html`<li><span class="role">${role}</span> <${Brief} text=${read || text} /></li>`)}
    ${unread.map(({ text }) => html`<li class="unread"><span class="unseen">not read:</span><s><${Brief} text=${text} /></s></li>`)}
    ${
      unread.length < unused.length &&
      html`<li><button type="button" class="link" onClick=${() => setAll(true)}>${unused.length - unread.length} more not read</button></li>`
    }
  </ul>`;
}

function Brief({ text }: { text: string }) {
  const line = text.trim();
  const lines = line.split('\n').length;
  if (lines > 1) return html`${lines} lines`;
  return html`<code>${line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line}</code>`;
}

/** The labs that could read the text too. */
export const Others = ({
  others,
  labs,
  open,
}: {
  others: string[];
  labs: Session['labs'];
  open: (lab: string) => void;
}) => html`<div class="others" role="group" aria-label="Read it for another lab">
  <span aria-hidden="true">or read it as</span>
  ${others.map((name) => html`<button type="button" class="chip" onClick=${() => open(name)}>${titleOf(labs, name)}</button>`)}
</div>`;

/** Above the answer to a text. */
export function Understood({ document, session, text }: { document: NablaDocument; session: Session; text: string }) {
  const { labs } = session;
  const question = document.values.question as Question | undefined;
  const lab = labs.find(({ name }) => name === document.lab);
  if (!question || !lab) return null;
  return html`<section class="understood">
    <p class="eyebrow">Understood as</p>
    <${Parts} key=${text} question=${question} labs=${labs} />
    <div class="ways">
      <button type="button" class="link" onClick=${() => session.ask(lab, document.inputs)}>Change it in the form of ${lab.title}</button>
      ${question.others.length > 0 && html`<${Others} others=${question.others} labs=${labs} open=${(name: string) => session.question(text, name)} />`}
    </div>
  </section>`;
}
