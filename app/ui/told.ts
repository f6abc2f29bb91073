/** What a text is read as while it is written, in the place of its answer. */

import { html } from '../page/html.ts';
import type { Session } from '../visit/session.ts';
import type { State } from '../visit/state.ts';
import { EngineLine } from './engine_line.ts';
import type { Question } from './question.ts';
import { hueOf } from './question.ts';
import type { Found } from './reading.ts';

/** Of a part, so many characters are shown. */
const SHOWN = 48;

export function Told({
  text,
  found,
  state: { engine },
  session,
}: {
  text: string;
  found: Found | null;
  state: State;
  session: Session;
}) {
  const now = found?.of === text;
  return html`<div class="told" role="status">${said()}</div>`;

  function said() {
    if (now && found.link)
      return html`<p>${/^\S+$/.test(text.trim()) ? 'A link to an answer' : 'A question of the gallery'}: Enter opens its answer.</p>`;
    if (now && found.error) return html`<p>${found.error.message}</p><p>${found.error.hint}</p>`;
    if (engine.phase !== 'ready' && !now)
      return html`<p>This is read once Python is here; you can ask for the answer already.</p>
      <${EngineLine} engine=${engine} retry=${session.retry} />`;
    if (found?.question)
      return html`<div data-stale=${!now}><${Parts} question=${found.question} labs=${session.labs} open=${(lab: string) => session.question(text, lab)} /></div>`;
    return html`<p>Reading …</p>`;
  }
}

function Parts({ question, labs, open }: { question: Question; labs: Session['labs']; open: (lab: string) => void }) {
  const titleOf = (name: string) => labs.find((lab) => lab.name === name)?.title ?? name;
  const told = question.parts.filter(({ role }) => !['request', 'mention', 'unused'].includes(role));
  const runs = told.some(({ role }) => role === 'program');
  return html`<ul class="chips" aria-label="Read as">
    <li class="chip told" data-lab=${question.lab}>${titleOf(question.lab)}</li>
    ${question.asked.map((what) => html`<li class="chip told">${what}</li>`)}
    ${told.map(({ role, text, read }) => html`<li class="chip told" data-hue=${hueOf(role)}><span class="role">${role}</span> ${brief(read || text)}</li>`)}
    ${question.unused.map(({ text }) => html`<li class="chip told unread"><span class="unseen">not read:</span><s>${brief(text)}</s></li>`)}
    ${question.others.map((name) => html`<li><button type="button" class="chip" onClick=${() => open(name)}><span class="role">or as</span> ${titleOf(name)}</button></li>`)}
  </ul>
  ${runs && html`<p>A program runs when you ask for its answer.</p>`}`;
}

function brief(text: string) {
  const line = text.trim();
  const lines = line.split('\n').length;
  if (lines > 1) return `${lines} lines`;
  return html`<code>${line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line}</code>`;
}
