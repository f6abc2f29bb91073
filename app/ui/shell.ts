/** The page: the box, and under it the answer, or the gallery while the box is empty. */

import { useEffect, useLayoutEffect, useMemo, useState } from 'preact/hooks';
import { html } from '../page/html.ts';
import { yieldToBrowser } from '../page/pause.ts';
import { JudgeContext } from '../render/judge.ts';
import { questionOf } from '../visit/past_question.ts';
import type { Session } from '../visit/session.ts';
import { Answer } from './answer.ts';
import { Box, focusBox } from './box.ts';
import { createJudge } from './judging.ts';
import { KeptButton } from './kept.ts';
import type { PageProps, Pages } from './pages.ts';
import { PageView } from './pages.ts';
import { preparePaper } from './paper.ts';
import type { Span } from './question.ts';
import { useReading } from './reading.ts';
import { ThemeButton } from './theme.ts';

/** The page of the start: the box is on it. */
const START = '/';
/** Of what is asked, so many letters stand in the title of the window. */
const TITLE = 40;

type ShellProps = Omit<PageProps, 'state'> & { pages: Pages };

export function Shell(props: ShellProps) {
  const { session, build, storage } = props;
  const [state, setState] = useState(session.store.get());
  useLayoutEffect(() => {
    const follow = () => setState(session.store.get());
    follow();
    return session.store.subscribe(follow);
  }, [session]);
  useEffect(preparePaper, []);
  useEffect(() => {
    if (state.page) return;
    document.title = [questionOf(state.lab, state.inputs, TITLE), 'Nabla'].filter(Boolean).join(' · ');
  }, [state.answered, state.lab, state.page]);
  const current = (page: string) => (state.page === page ? 'page' : undefined);
  const alone = state.page !== '' && state.page !== START;
  const judge = useMemo(() => createJudge(session), [session]);
  return html`<${JudgeContext.Provider} value=${judge}>
    <a class="skip" href="#answer" onClick=${skip}>Skip to the answer</a>
    <header class="top">
      <a class="brand" href="#/"><${Sign} /><span>Nabla</span></a>
      <nav aria-label="Pages">
        <a href="#/" aria-current=${current(START)}>Gallery</a>
        <a href="#/practice" aria-current=${current('/practice')}>Practice</a>
        <a href="#/python" aria-current=${current('/python')}>Python</a>
        <a href="docs/">Manual</a>
      </nav>
      <div class="top-tools">
        <${KeptButton} session=${session} storage=${storage} />
        <${ThemeButton} storage=${storage} />
      </div>
    </header>
    ${alone ? html`<${PageView} ...${props} state=${state} />` : html`<${Desk} ...${props} state=${state} />`}
    <footer class="bottom">
      <p>Python, NumPy and SymPy run in this browser. Nothing you type is sent anywhere; no account, no tracking.</p>
      <p><a href="#/about">About</a> <a href="#/help/syntax">What can be written</a> <a href="q/">Answers as pages</a> <a href="docs/">Manual</a> <a href=${build.licences}>Licences</a> <span>Nabla ${build.version.slice(0, 7)}</span></p>
    </footer>
    <p class="unseen" role="status" aria-live="polite">${state.said}</p>
  </${JudgeContext.Provider}>`;
}

/**
 * The box and what stands under it. Box and answer come one after the other, so that no piece of work is long.
 */
function Desk(props: PageProps & { pages: Pages }) {
  const { state, session, build, visitHistory } = props;
  const [come, setCome] = useState(0);
  const [open, setOpen] = useState(false);
  const [lit, setLit] = useState<Span[]>([]);
  useLayoutEffect(() => {
    if (come < 2) yieldToBrowser().then(() => setCome(come + 1));
  }, [come]);
  useEffect(() => {
    // Another question of a link is there to be read, not written.
    const fold = () => setOpen(false);
    addEventListener('hashchange', fold);
    return () => removeEventListener('hashchange', fold);
  }, []);
  useEffect(() => listenForKeys(session, () => setOpen(true)), [session]);
  const whole = !state.page && state.lab === session.asking;
  const text = whole ? (state.inputs.q ?? '') : '';
  const found = useReading(text, session, whole && open);
  return html`<div class="desk">
    <section class="question" data-lab=${state.lab.name} aria-label="The question">
      ${(come > 0 || state.page === START) && html`<${Box} state=${state} session=${session} found=${found} open=${open} turn=${setOpen} lit=${lit} />`}
    </section>
    ${
      state.page === START
        ? html`<${PageView} ...${props} />`
        : come > 1 &&
          html`<${Answer} state=${state} session=${session} build=${build} visitHistory=${visitHistory} found=${found} light=${setLit} />`
    }
  </div>`;
}

/** The logo: an inverted triangle, its right side the heavier stroke, as a pen would draw it. */
export const Sign = () => html`<svg class="sign" viewBox="0 0 32 32" aria-hidden="true">
  <path fill-rule="evenodd" d="M1.5 4h29L16.6 30h-1.7L1.5 4Zm5.2 3 9.6 18.9L25.9 7H6.7Z" />
</svg>`;

/** A fragment would change the address, which is the state of the page. */
function skip(event: Event) {
  event.preventDefault();
  document.getElementById('answer')?.focus();
}

function listenForKeys(session: Session, open: () => void) {
  const onKey = (event: KeyboardEvent) => {
    const typing = (event.target as Element).matches?.('input:not([type=range]), textarea, select');
    if (event.key === 'Escape' && session.store.get().busy) session.stop();
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      open();
      requestAnimationFrame(() => focusBox(document.querySelector('.box')));
    }
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}
