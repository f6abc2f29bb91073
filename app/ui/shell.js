/** The page around question and answer. */

import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { say } from '../words.js';
import { Answer } from './answer.js';
import { Form } from './form.js';
import { html } from './html.js';
import { LanguageChoice } from './language.js';
import { preparePaper } from './paper.js';
import { PythonPlace } from './place.js';
import { ThemeButton } from './theme.js';

/** @typedef {import('../session.js').Session} Session */
/** @typedef {import('../engine/protocol').Build} Build */

/** @param {{session: Session, build: Build, storage: import('./theme.js').Shelf, quick: boolean}} props */
export function Shell({ session, build, storage, quick }) {
  const [state, setState] = useState(session.store.get());
  useLayoutEffect(() => {
    const follow = () => setState(session.store.get());
    follow();
    return session.store.subscribe(follow);
  }, [session]);
  useEffect(() => listenForKeys(session), [session]);
  useEffect(preparePaper, []);
  useEffect(() => {
    if (state.place !== 'lab') return;
    const asked = state.inputs[state.lab.fields[0]?.name ?? ''] ?? '';
    document.title = [asked.slice(0, 40), state.lab.title, 'Nabla'].filter(Boolean).join(' · ');
  }, [state.answered, state.lab, state.place]);
  return html`
    <a class="skip" href="#answer" onClick=${skip}>${say('Skip to the answer')}</a>
    <header class="top">
      <a class="brand" href="#/"><${Sign} /><span>Nabla</span></a>
      <nav aria-label=${say('Labs')}>${session.labs.map(
        (
          lab,
        ) => html`<a href=${`#/${lab.name}`} aria-current=${state.place === 'lab' && lab === state.lab ? 'page' : undefined}
          onClick=${(/** @type {Event} */ event) => {
            event.preventDefault();
            session.open(lab);
          }}>${say(lab.title)}</a>`,
      )}<a href="#/python" aria-current=${state.place === 'python' ? 'page' : undefined}>Python</a></nav>
      <${ThemeButton} shelf=${storage} />
    </header>
    ${
      state.place === 'python'
        ? html`<${PythonPlace} session=${session} build=${build} storage=${storage} quick=${quick} />`
        : html`<div class="sheet">
      <section class="question" aria-labelledby="lab">
        <h1 id="lab">${say(state.lab.title)}</h1>
        <p class="summary">${say(state.lab.summary)}</p>
        <${Kept} state=${state} session=${session} />
        <${Form} state=${state} session=${session} />
      </section>
      <${Answer} state=${state} session=${session} build=${build} />
    </div>`
    }
    <footer class="bottom">
      <p>${say('Python, NumPy and SymPy run in this browser. Nothing you type is sent anywhere.')}</p>
      <p><${LanguageChoice} shelf=${storage} /> <a href=${build.licences}>${say('Licences')}</a> <span>Nabla ${build.version.slice(0, 7)}</span></p>
    </footer>
    <p class="unseen" role="status" aria-live="polite">${state.said}</p>
  `;
}

/** The sign of the house: an inverted triangle, its right side the heavier stroke, as a pen would draw it. */
export const Sign = () => html`<svg class="sign" viewBox="0 0 32 32" aria-hidden="true">
  <path fill-rule="evenodd" d="M1.5 4h29L16.6 30h-1.7L1.5 4Zm5.2 3 9.6 18.9L25.9 7H6.7Z" />
</svg>`;

/** @param {{state: import('../state.js').State, session: Session}} props */
function Kept({ state, session }) {
  if (!state.draft) return null;
  return html`<p class="kept">${say('Your own draft is kept.')} <button type="button" class="link" onClick=${session.openDraft}>${say('Open it')}</button></p>`;
}

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
      /** @type {HTMLElement | null} */ (document.querySelector('.question :is(input, textarea)'))?.focus();
    }
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}
