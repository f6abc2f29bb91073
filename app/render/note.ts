/** Remarks set apart; some offer inputs to try. */

import type { Note } from '../generated/types';
import { html } from '../page/html.ts';
import { Prose } from './formula/prose.ts';

export function NoteView({ block, apply }: { block: Note; apply: (inputs: Record<string, string>) => void }) {
  const offers = Object.keys(block.inputs).length > 0;
  return html`<aside class="note" data-tone=${block.tone}>
    <p><${Prose} text=${block.text} /></p>
    ${offers && html`<button type="button" onClick=${() => apply(block.inputs)}>${block.action || 'Try it'}</button>`}
  </aside>`;
}
