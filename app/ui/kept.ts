/** What is kept on this device: the button that shows it, and the visitor's own draft. */

import { useState } from 'preact/hooks';
import { html } from '../page/html.ts';
import type { TextStorage } from '../page/storage.ts';
import { questionOf } from '../visit/past_question.ts';
import type { Session } from '../visit/session.ts';
import type { State } from '../visit/state.ts';

/** The draft that a link has not overwritten. */
export function OwnDraft({ state, session }: { state: State; session: Session }) {
  if (!state.draft) return null;
  const asked = questionOf(state.lab, state.draft, 40);
  return html`<p class="kept">Your own draft is kept. ${asked && html`<code>${asked}</code> `}
    <button type="button" class="link" onClick=${session.openDraft}>Open it</button></p>`;
}

export function KeptButton({ session, storage }: { session: Session; storage: TextStorage | null }) {
  const [Dialog, setDialog] = useState(null as { view: any } | null);
  const open = async () => {
    try {
      setDialog({ view: (await import('./kept_dialog.ts')).KeptDialog });
    } catch (error) {
      console.warn('Nabla: the past results did not arrive.', error);
    }
  };
  return html`<button type="button" class="quiet theme" onClick=${open} title="Past results" aria-label="Past results"
      aria-haspopup="dialog"><svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
      <circle cx="10" cy="10" r="6.8" /><path d="M10 6v4.2l2.8 1.8" /></svg></button>
    ${Dialog && html`<${Dialog.view} session=${session} storage=${storage} onClose=${() => setDialog(null)} />`}`;
}
