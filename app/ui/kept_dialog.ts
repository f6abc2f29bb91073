/** Past results, and everything else that is kept on this device, erased when the visitor says so. */

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { html } from '../page/html.ts';
import type { TextStorage } from '../page/storage.ts';
import { eraseEverything } from '../visit/erase.ts';
import type { Entry } from '../visit/past.ts';
import { past } from '../visit/past.ts';
import type { Session } from '../visit/session.ts';

export function KeptDialog({
  session,
  storage,
  onClose,
}: {
  session: Session;
  storage: TextStorage | null;
  onClose: () => void;
}) {
  const dialog = useRef(null as HTMLDialogElement | null);
  const [entries, setEntries] = useState(() => past(storage));
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  const erased = () => {
    session.forget();
    setEntries([]);
  };
  /** A click beside the dialog closes it. */
  const beside = (event: MouseEvent) => event.target === dialog.current && close();
  return html`<dialog class="kept-dialog" ref=${dialog} aria-labelledby="kept-title" onClose=${onClose} onClick=${beside}>
    <div class="kept-inside">
      <div class="kept-head"><h2 id="kept-title">Past results</h2>
        <button type="button" class="quiet" onClick=${close} aria-label="Close">✕</button></div>
      <p class="soft">Kept in this browser only, the last fifty. No account, no tracking.</p>
      ${
        entries.length > 0
          ? html`<ol class="past">${days(entries).map(
              ([day, its]) =>
                html`<li><h3>${day}</h3><ol>${its.map((entry) => html`<${Past} entry=${entry} session=${session} onOpen=${close} />`)}</ol></li>`,
            )}</ol>`
          : html`<p class="empty">There are none yet. Answers to your own questions will stand here.</p>`
      }
      <${Erase} onErased=${erased} />
    </div>
  </dialog>`;
}

function Past({ entry, session, onOpen }: { entry: Entry; session: Session; onOpen: () => void }) {
  const lab = session.labs.find(({ name }) => name === entry.lab);
  const time = new Date(entry.time);
  return html`<li><a href=${entry.link} onClick=${onOpen}><code>${entry.question}</code></a>
    <p><span>${lab?.title ?? entry.lab}</span> · <time datetime=${time.toISOString()}>${time.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}</time>
      ${entry.title && html` · ${entry.title}`}</p></li>`;
}

/** By day, in the order they come. */
function days(entries: Entry[]): [day: string, its: Entry[]][] {
  const found: Map<string, Entry[]> = new Map();
  for (const entry of entries) {
    const day = new Date(entry.time).toLocaleDateString([], { weekday: 'long', day: 'numeric', month: 'long' });
    found.set(day, [...(found.get(day) ?? []), entry]);
  }
  return [...found];
}

function Erase({ onErased }: { onErased: () => void }) {
  const [stage, setStage] = useState('' as '' | 'asked' | 'busy' | 'done');
  const [left, setLeft] = useState([] as string[]);
  const erase = async () => {
    setStage('busy');
    setLeft(await eraseEverything(location.href));
    onErased();
    setStage('done');
  };
  if (stage === 'done') {
    return html`<p class="erase" role="status">${
      left.length > 0
        ? `The browser kept some of it: ${left.join('; ')}`
        : 'Everything is erased. What you do from now on is kept again; the settings of this page last until it is closed.'
    }</p>`;
  }
  if (stage === '') {
    return html`<p class="erase"><button type="button" class="quiet" onClick=${() => setStage('asked')}>Erase everything kept on this device…</button></p>`;
  }
  return html`<div class="erase" role="group" aria-labelledby="erase-asked">
    <p id="erase-asked">Drafts, past results, colours and the files for quick starts and for the time without a network go. This cannot be undone.</p>
    <button type="button" class="primary" disabled=${stage === 'busy'} onClick=${erase}>Erase</button>
    <button type="button" onClick=${() => setStage('')}>Keep</button>
  </div>`;
}
