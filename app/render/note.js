/** Remarks set apart; some offer inputs to try. */

import { html } from '../page/html.js';
import { Prose } from './formula/prose.js';

/** @typedef {import('../generated/types').Note} Note */

/** @param {{block: Note, apply: (inputs: Record<string, string>) => void}} props */
export function NoteView({ block, apply }) {
  const offers = Object.keys(block.inputs).length > 0;
  return html`<aside class="note" data-tone=${block.tone}>
    <p><${Prose} text=${block.text} /></p>
    ${offers && html`<button type="button" onClick=${() => apply(block.inputs)}>${block.action || 'Try it'}</button>`}
  </aside>`;
}
