/** The page around question and answer. */

import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { html } from '../page/html.ts';
import { yieldToBrowser } from '../page/pause.ts';
import { Answer } from './answer.ts';
import { Form } from './form.js';
import { KeptButton, OwnDraft } from './kept.ts';
import { PageView } from './pages.ts';
import { preparePaper } from './paper.ts';
import { ThemeButton } from './theme.ts';
import { UndoBar } from './undo.ts';

/** @typedef {import('../visit/session.ts').Session} Session */
/** @typedef {import('../engine/protocol.ts').Build} Build */

/** @param {Omit<import('./pages.ts').PageProps, 'state'> & {pages: import('./pages.ts').Pages}} props */
export function Shell({ session, build, storage, visitHistory, quick, pages }) {
  const [state, setState] = useState(session.store.get());
  useLayoutEffect(() => {
    const follow = () => setState(session.store.get());
    follow();
    return session.store.subscribe(follow);
  }, [session]);
  useEffect(() => listenForKeys(session), [session]);
  useEffect(preparePaper, []);
  useEffect(() => {
    if (state.page) return;
    const asked = state.inputs[state.lab.fields[0]?.name ?? ''] ?? '';
    document.title = [asked.slice(0, 40), state.lab.title, 'Nabla'].filter(Boolean).join(' · ');
  }, [state.answered, state.lab, state.page]);
  return html`
    <a class="skip" href="#answer" onClick=${skip}>Skip to the answer</a>
    <header class="top">
      <a class="brand" href="#/"><${Sign} /><span>Nabla</span></a>
      <nav aria-label="Labs">${session.labs.map(
        (lab) => html`<a href=${`#/${lab.name}`} aria-current=${lab === state.lab && !state.page ? 'page' : undefined}
          onClick=${(/** @type {Event} */ event) => {
            event.preventDefault();
            session.open(lab);
          }}>${lab.title}</a>`,
      )}<a href="#/python" aria-current=${state.page === '/python' ? 'page' : undefined}>Python</a></nav>
      <div class="top-tools">
        <${KeptButton} session=${session} storage=${storage} />
        <${ThemeButton} storage=${storage} />
      </div>
    </header>
    ${state.page ? html`<${PageView} pages=${pages} state=${state} session=${session} build=${build} storage=${storage} visitHistory=${visitHistory} quick=${quick} />` : html`<${Lab} state=${state} session=${session} build=${build} visitHistory=${visitHistory} />`}
    <footer class="bottom">
      <p>Python, NumPy and SymPy run in this browser. Nothing you type is sent anywhere; no account, no tracking.</p>
      <p><a href="#/about">About</a> <a href="#/help/syntax">What can be written</a> <a href="q/">Answers as pages</a> <a href="docs/">Manual</a> <a href=${build.licences}>Licences</a> <span>Nabla ${build.version.slice(0, 7)}</span></p>
    </footer>
    <p class="unseen" role="status" aria-live="polite">${state.said}</p>
  `;
}

/**
 * Question and answer come one after the other, so that no piece of work is long.
 * @param {import('./pages.ts').PageProps & {visitHistory: import('../visit/history.ts').VisitHistory}} props
 */
function Lab({ state, session, build, visitHistory }) {
  const [come, setCome] = useState(0);
  useLayoutEffect(() => {
    if (come < 2) yieldToBrowser().then(() => setCome(come + 1));
  }, [come]);
  return html`<div class="sheet">
    <section class="question" data-lab=${state.lab.name} aria-labelledby="lab">
      <h1 id="lab">${state.lab.title}</h1>
      <p class="summary">${state.lab.summary}</p>
      ${come > 0 && html`<${Question} state=${state} session=${session} visitHistory=${visitHistory} />`}
    </section>
    ${come > 1 && html`<${Answer} state=${state} session=${session} build=${build} />`}
  </div>`;
}

/** @param {{state: import('../visit/state.ts').State, session: Session, visitHistory: import('../visit/history.ts').VisitHistory}} props */
const Question = ({ state, session, visitHistory }) => html`
  <${OwnDraft} state=${state} session=${session} />
  <${Form} state=${state} session=${session} />
  <${UndoBar} session=${session} visitHistory=${visitHistory} />`;

/** The logo: an inverted triangle, its right side the heavier stroke, as a pen would draw it. */
export const Sign = () => html`<svg class="sign" viewBox="0 0 32 32" aria-hidden="true">
  <path fill-rule="evenodd" d="M1.5 4h29L16.6 30h-1.7L1.5 4Zm5.2 3 9.6 18.9L25.9 7H6.7Z" />
</svg>`;

/** A fragment would change the address, which is the state of the page. @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.getElementById('answer')?.focus();
}

/** @param {Session} session */
function listenForKeys(session) {
  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    const typing = /** @type {Element} */ (event.target).matches?.('input:not([type=range]), textarea, select');
    if (event.key === 'Escape' && session.store.get().busy) session.stop();
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      /** @type {HTMLElement | null} */ (document.querySelector(':is(.question, .box) :is(input, textarea)'))?.focus();
    }
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}
