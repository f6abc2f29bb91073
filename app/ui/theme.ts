/** Light, dark, or as the system says. */

import { useState } from 'preact/hooks';
import type { Theme } from '../page/colours.ts';
import { applyTheme, keepTheme, present } from '../page/colours.ts';
import { html } from '../page/html.ts';
import type { TextStorage } from '../page/storage.ts';

const NEXT = { system: 'light', light: 'dark', dark: 'system' } as const;
const WORDS = { system: 'as the system', light: 'light', dark: 'dark' };

export function ThemeButton({ storage }: { storage: TextStorage | null }) {
  const [theme, setTheme] = useState(present());
  const turn = () => {
    const next = NEXT[theme];
    applyTheme(next);
    setTheme(next);
    try {
      keepTheme(storage, next);
    } catch (error) {
      console.warn('Nabla: the theme could not be kept.', error);
    }
  };
  return html`<button type="button" class="quiet theme" onClick=${turn} data-theme-choice=${theme}
    title=${`Colours: ${WORDS[theme]}`} aria-label=${`Colours: ${WORDS[theme]}. Change`}>
    <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true"><${Sign} theme=${theme} /></svg>
  </button>`;
}

function Sign({ theme }: { theme: Theme }) {
  if (theme === 'light') {
    return html`<circle cx="10" cy="10" r="3.6" /><path d="M10 1.8v2.4M10 15.8v2.4M1.8 10h2.4M15.8 10h2.4M4.2 4.2l1.7 1.7M14.1 14.1l1.7 1.7M4.2 15.8l1.7-1.7M14.1 5.9l1.7-1.7" />`;
  }
  if (theme === 'dark') return html`<path d="M16.6 12.4A7 7 0 0 1 7.6 3.4a7 7 0 1 0 9 9Z" />`;
  return html`<circle cx="10" cy="10" r="6.8" /><path class="solid" d="M10 3.2a6.8 6.8 0 0 1 0 13.6Z" />`;
}
