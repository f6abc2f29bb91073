/** The box: takes any question, program or data, says what Python reads in it, and opens its answer. */

import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { EngineError } from '../engine/client.ts';
import { html } from '../page/html.ts';
import { answersHere } from '../visit/here.ts';
import type { Session } from '../visit/session.ts';
import type { State } from '../visit/state.ts';
import { EngineLine } from './engine_line.ts';
import { FileButton, isUneditable, useFile } from './file.ts';
import { EXAMPLES } from './gallery.ts';
import { Others, Parts, type Question } from './understood.ts';

/** what Python reads in a text, and where its answer is when it needs no reading */
interface Found {
  of: string;
  question?: Question;
  error?: { message: string; hint: string };
  /** an address that the text is, or whose question it is */
  link?: string;
}

/** The pause in typing after which a text is read. */
const PAUSE = 80;
/** So long the reading of the longest text may take. */
const SECONDS = 30;

export function Box({ state, session }: { state: State; session: Session }) {
  const id = useId();
  const [text, setText] = useState(state.asked);
  const found = useReading(text, session);
  const area = useRef<HTMLTextAreaElement | null>(null);
  const file = useFile(setText);
  const told = found?.of === text ? found : null;

  async function open(chosen: string = '') {
    const link = chosen ? '' : await answersHere(text, [...session.labs, session.asking], EXAMPLES);
    if (link) {
      session.store.update({ asked: text });
      location.hash = link;
    } else if (!text.trim() || told?.error) area.current?.focus();
    else await session.question(text, chosen);
  }

  const submit = (event: Event) => {
    event.preventDefault();
    open();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || !text.includes('\n')) submit(event);
  };
  const clear = () => {
    setText('');
    area.current?.focus();
  };
  const lines = text.includes('\n');
  return html`<form class="box" onSubmit=${submit} autocomplete="off" novalidate>
    <label for=${id}>A formula, LaTeX, data, a program, an error with its program, or a whole question</label>
    <div class="drop" ...${file.drop}>
      ${
        isUneditable(text)
          ? html`<div class="long-text" id=${id} tabindex="0" role="group" aria-label="A long text">
              <pre>${text.slice(0, 300)}…</pre>
              <p>${text.length.toLocaleString()} characters, too long to edit here. <button type="button" class="link" onClick=${clear}>Remove</button></p>
            </div>`
          : html`<textarea id=${id} ref=${area} rows=${Math.max(4, Math.min(14, text.split('\n').length + 1))} value=${text}
              placeholder=${PLACEHOLDER} spellcheck=${false} autocapitalize="off" autocomplete="off" autocorrect="off" aria-describedby=${`${id}-found`}
              onInput=${(event: any) => setText(event.currentTarget.value)} onKeyDown=${onKeyDown}></textarea>`
      }
    </div>
    <div class="box-foot">
      <button type="submit" class="primary">Answer it</button>
      <${FileButton} label="the box" take=${file.take} problem=${file.problem} />
      <span class="keys"><kbd>${lines ? 'Ctrl' : 'Enter'}</kbd>${lines && html` <kbd>Enter</kbd>`}</span>
    </div>
    <div class="told">
      <div class="found" id=${`${id}-found`} role="status"><${Told} text=${text} found=${found} state=${state} session=${session} /></div>
      ${told?.question && told.question.others.length > 0 && html`<${Others} others=${told.question.others} labs=${session.labs} open=${open} />`}
    </div>
  </form>`;
}

const PLACEHOLDER = `loss = (w*x - y)**2  at x=2, y=2, w=3.  I get 8, PyTorch says 16

import torch
w = torch.tensor(3.0, requires_grad=True) ...`;

/** What Python reads in the text; until it has, what it read in an earlier one. */
function useReading(text: string, session: Session): Found | null {
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    if (!text.trim()) return setFound(null);
    let stale = false;
    const look = async () => {
      const link = await answersHere(text, [...session.labs, session.asking], EXAMPLES);
      if (stale) return;
      if (link) return setFound({ of: text, link });
      try {
        const args = [text];
        const reply = await session.engine.call({
          method: 'understood',
          args,
          channel: 'understood',
          seconds: SECONDS,
        });
        if (!stale) setFound({ of: text, ...JSON.parse(reply.text) });
      } catch (error) {
        // An answer that fails says so itself; what is read beforehand is only ever missing.
        if (!(error instanceof EngineError)) throw error;
      }
    };
    const timer = setTimeout(look, PAUSE);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [text]);
  return found;
}

function Told({
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
  if (!text.trim()) return 'It stays in this browser: nothing is sent anywhere.';
  const now = found?.of === text;
  if (now && found.link)
    return html`<p>${/^\S+$/.test(text.trim()) ? 'A link to an answer' : 'A question of the gallery'}: its answer opens.</p>`;
  if (now && found.error) return html`<p>${found.error.message}</p><p>${found.error.hint}</p>`;
  if (engine.phase !== 'ready' && !now)
    return html`<p>This is read once Python is here; you can ask for the answer already.</p>
      <${EngineLine} engine=${engine} retry=${session.retry} />`;
  if (found?.question)
    return html`<div data-stale=${!now}><${Parts} question=${found.question} labs=${session.labs} /></div>`;
  return 'Reading …';
}
