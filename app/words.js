/**
 * The words of the page in the visitor's language.
 *
 * The English ones stand in the program; app/words/ holds those of other languages, by the English. Answers come from
 * Python in English.
 */

/** @typedef {Pick<Storage, 'getItem' | 'setItem'> | null} Shelf */
/** @typedef {Record<string, string>} Words */

const KEY = 'nabla.language';

/** Each language by its own name, and what brings its words. @type {Record<string, {name: string, words: () => Promise<Words>}>} */
export const LANGUAGES = {
  en: { name: 'English', words: async () => ({}) },
  de: { name: 'Deutsch', words: async () => (await import('./words/de.js')).default },
};

/** @type {Words} */
let words = {};

/**
 * A text in the visitor's language; `{0}`, `{1}`, … in it are `parts`.
 * @param {string} text as it is in English
 * @param {...(string | number)} parts
 */
export const say = (text, ...parts) =>
  (words[text] ?? text).replace(/\{(\d)\}/g, (_, i) => String(parts[Number(i)] ?? ''));

/**
 * The language that was chosen, else the first one of the browser's that is here, else English.
 * @param {Shelf} shelf
 * @param {readonly string[]} preferred as `navigator.languages`
 */
export function languageOf(shelf, preferred) {
  const known = [shelf?.getItem(KEY) ?? '', ...preferred.map((tag) => tag.slice(0, 2).toLowerCase())];
  return known.find((language) => Object.hasOwn(LANGUAGES, language)) ?? 'en';
}

/** @param {Shelf} shelf @param {string} language */
export const keepLanguage = (shelf, language) => shelf?.setItem(KEY, language);

/** Say everything in a language from now on. @param {string} language one of `LANGUAGES` */
export async function speak(language) {
  words = (await LANGUAGES[language]?.words()) ?? {};
}
