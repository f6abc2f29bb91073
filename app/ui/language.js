/** The choice among the languages of the page. */

import { html } from '../page/html.js';
import { keepLanguage, LANGUAGES, languageOf, say } from '../words.js';

/** The page is loaded again in the new language: the address and the drafts hold its whole state. @param {{shelf: import('../words.js').Shelf}} props */
export function LanguageChoice({ shelf }) {
  const present = languageOf(shelf, navigator.languages);
  const choose = (/** @type {any} */ event) => {
    try {
      keepLanguage(shelf, event.currentTarget.value);
    } catch (error) {
      console.warn('Nabla: the language could not be kept.', error);
      return;
    }
    location.reload();
  };
  return html`<label class="language"><span class="unseen">${say('Language')}</span>
    <select value=${present} onChange=${choose}>${Object.entries(LANGUAGES).map(
      ([tag, { name }]) => html`<option value=${tag} lang=${tag}>${name}</option>`,
    )}</select>
  </label>`;
}
