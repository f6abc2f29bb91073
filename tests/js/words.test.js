import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import german from '../../app/words/de.js';
import { languageOf, say, speak } from '../../app/words.js';

const app = fileURLToPath(new URL('../../app', import.meta.url));

/** @param {string} folder @returns {string[]} */
function programs(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = `${folder}/${name}`;
    if (statSync(path).isDirectory()) return ['generated', 'words'].includes(name) ? [] : programs(path);
    return path.endsWith('.js') ? [path] : [];
  });
}

/** @param {string} name */
const generated = (name) => JSON.parse(readFileSync(`${app}/generated/${name}.json`, 'utf8'));

/** Every text that the page says in the visitor's language. */
const wanted = new Set(
  [
    // What the worker says of its start reaches the page as a variable.
    ...['Starting Python', 'Fetching Python', 'Opening the mathematics'],
    ...programs(app).flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/\bsay\(\s*(['"])((?:(?!\1)[^\\]|\\.)*)\1/g)].map(([, , text = '']) =>
        text.replaceAll(/\\(.)/g, '$1'),
      ),
    ),
    ...generated('schema').labs.flatMap((/** @type {any} */ lab) => [
      lab.title,
      lab.summary,
      ...lab.fields.flatMap((/** @type {any} */ field) => [field.label, field.help]),
    ]),
    // What a text is recognised as.
    ...['Text', 'A link to an answer'],
    ...Object.values(generated('signs').labs).flatMap((lab) =>
      lab.clues.map((/** @type {string[]} */ clue) => clue[3]),
    ),
    ...Object.values(generated('help').verdicts),
    ...generated('help').kinds.flatMap((/** @type {any} */ { name, meaning }) => [name, meaning]),
    ...[...generated('syntax').examples, ...generated('syntax').functions].flatMap(({ title, rows }) => [
      title,
      ...rows.map((/** @type {any} */ row) => (row.meaning?.includes('(') ? '' : (row.meaning ?? ''))),
    ]),
    ...Object.keys(generated('sources')),
    ...generated('gallery').flatMap((/** @type {any} */ { question, answer }) => [question, answer]),
  ].filter((text) => /\p{L}{2}/u.test(text)),
);
/** Texts that need no translation where they have none: the values of choices are words of the address too. */
const choices = new Set(
  generated('schema').labs.flatMap((/** @type {any} */ lab) =>
    lab.fields.flatMap((/** @type {any} */ field) => [...field.choices, field.placeholder]),
  ),
);

/** @param {string} text */
const places = (text) => (text.match(/\{\d\}/g) ?? []).sort();
/** @param {string} text */
const formulas = (text) => (text.match(/\$[^$]+\$/g) ?? []).sort();

test('everything has a German word, and every German word is used', () => {
  assert.deepEqual(
    [...wanted].filter((text) => !Object.hasOwn(german, text)),
    [],
  );
  assert.deepEqual(
    Object.keys(german).filter((text) => !wanted.has(text) && !choices.has(text)),
    [],
  );
});

test('German texts have the same places and formulas', () => {
  for (const [english, text] of Object.entries(german)) {
    assert.deepEqual(places(text), places(english));
    assert.deepEqual(formulas(text), formulas(english));
  }
});

test('what is said, and in which language', async () => {
  assert.equal(say('{0} of {1} MB', '1.0', 2), '1.0 of 2 MB');
  assert.equal(languageOf(null, ['fr-CH', 'de-CH', 'en']), 'de');
  assert.equal(languageOf(null, ['fr']), 'en');
  assert.equal(languageOf({ getItem: () => 'en', setItem: () => {} }, ['de']), 'en');
  assert.equal(languageOf({ getItem: () => '__proto__', setItem: () => {} }, ['toString']), 'en');
  await speak('de');
  assert.equal(say('{0} of {1} MB', '1.0', 2), '1.0 von 2 MB');
  await speak('en');
  assert.equal(say('Try again'), 'Try again');
});
