/** Copying to the clipboard, with an answer that is seen and heard. */

import { useEffect, useState } from 'preact/hooks';
import { html } from './html.ts';

export async function copy(text: string | Promise<string>): Promise<void> {
  if (typeof text === 'string') return navigator.clipboard.writeText(text);
  // Text that is still being made must be promised during the click, or the browser no longer allows the copy.
  const blob = text.then((text) => new Blob([text], { type: 'text/plain' }));
  return navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })]);
}

const COPYING = 'Copying…';

export function CopyButton({
  text,
  what,
  label,
}: {
  text: string | (() => Promise<string>);
  /** names what is copied */ what: string;
  /** what the button says; without it, it shows a sign */ label?: string;
}) {
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

const Sign = ({ done }: { done: boolean }) => html`<svg viewBox="0 0 18 18" aria-hidden="true">
  <path d=${done ? 'M3.5 9.5l4 4 7.5-9' : 'M6.5 6.5h8v8h-8zM11.5 6.5v-3h-8v8h3'} />
</svg>`;
