/** What a phone's keyboard hides, in a row above it. */

import { html } from '../page/html.ts';
import { put } from './keys.ts';

const SYMBOLS = ['^', '√', 'π', '′', '∂', '(', ')', '='];

export const Symbols = ({ control }: { control: { current: HTMLInputElement | HTMLTextAreaElement | null } }) =>
  html`<div class="symbols" role="group" aria-label="Symbols">${SYMBOLS.map(
    (symbol) => html`<button type="button" tabindex="-1" onMouseDown=${(event: Event) => event.preventDefault()}
      onClick=${() => control.current && put(control.current, symbol)}>${symbol}</button>`,
  )}</div>`;
