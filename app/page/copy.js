/** Copying to the clipboard, with an answer that is seen and heard. */

import { useEffect, useState } from 'preact/hooks';
import { html } from './html.js';

/**
 * @param {string | Promise<string>} text
 * @returns {Promise<void>}
 */
export async function copy(text) {
  if (typeof text === 'string') return navigator.clipboard.writeText(text);
  // Text that is still being made must be promised during the click, or the browser no longer allows the copy.
  const blob = text.then((text) => new Blob([text], { type: 'text/plain' }));
  return navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })]);
}

const COPYING = 'Copying…';

/**
 * @param {object} props
 * @param {string | (() => Promise<string>)} props.text
 * @param {string} props.what names what is copied
 * @param {string} [props.label] what the button says; without it, it shows a sign
 */
export function CopyButton({ text, what, label }) {
  const [outcome, setOutcome] = useState('');
  useEffect(() => {
    const timer = outcome && outcome !== COPYING ? setTimeout(() => setOutcome(''), 4000) : undefined;
    return () => clearTimeout(timer);
  }, [outcome]);
  const click = async () => {
    if (typeof text !== 'string') setOutcome(COPYING);
    try {
      await copy(typeof text === 'string' ? text : text());
      setOutcome('Copied');
    } catch (error) {
      console.warn('Nabla: copying was refused.', error);
      setOutcome('The browser refused');
    }
  };
  // A button with words is called by them, one with a sign by what it does.
  const name = label ? undefined : outcome || `Copy ${what}`;
  return html`<button type="button" class="quiet copy" title=${`Copy ${what}`} aria-label=${name} onClick=${click}
    data-outcome=${outcome}>
    <span aria-live="polite">${label ? outcome || label : html`<${Sign} done=${outcome === 'Copied'} />`}</span>
  </button>`;
}

/** @param {{done: boolean}} props */
const Sign = ({ done }) => html`<svg viewBox="0 0 18 18" aria-hidden="true">
  <path d=${done ? 'M3.5 9.5l4 4 7.5-9' : 'M6.5 6.5h8v8h-8zM11.5 6.5v-3h-8v8h3'} />
</svg>`;
