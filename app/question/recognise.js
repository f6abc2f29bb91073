/**
 * What a pasted text is: which lab it is for, and what goes into its fields, without Python.
 *
 * The rules are data that the labs declare (py/nabla/signs.py and labs/signs.py); this applies them as nabla/question.py
 * and nabla/pasted.py do, step by step, and tests/questions.json holds both to the same results. A text is only cut into
 * parts here; what reads it is the lab.
 *
 * @typedef {import('../generated/types').Lab} Lab
 * @typedef {Record<string, string>} Inputs
 * @typedef {import('./pasted.js').Part} Part
 * @typedef {import('./pasted.js').Parts} Parts
 *
 * @typedef {object} LabRules
 * @property {string[]} main
 * @property {[number, Part, string, string][]} clues weight, part, pattern, what it says
 * @property {[string, Part, string, string, string][]} fills field, part, pattern, form, must
 *
 * @typedef {object} Recognised
 * @property {'empty' | 'link' | 'lab' | 'unsure' | 'unknown'} kind
 * @property {string} lab
 * @property {string} what in a few words
 * @property {Inputs} inputs
 * @property {string} link the address, of a link
 * @property {string[]} others labs that could read it too, the likeliest first
 */

import { parser, trimmed } from './pasted.js';

/** @param {Partial<Recognised>} found @returns {Recognised} */
const told = (found) => ({ kind: 'unknown', lab: '', what: '', inputs: {}, link: '', others: [], ...found });

/**
 * @param {any} rules app/generated/signs.json
 * @param {Lab[]} labs
 */
export function createRecogniser(rules, labs) {
  const { compiled, find, english, isFormula, nearOf, partsOf, plain } = parser(rules);
  /** @type {Record<string, LabRules>} */
  const signs = rules.labs;
  const known = labs.filter((lab) => signs[lab.name]);

  /** @param {string} pasted @param {string} [wanted] read it for this lab, whatever it looks like @returns {Recognised} */
  function recognise(pasted, wanted = '') {
    const text = plain(pasted);
    if (!text) return told({ kind: 'empty' });
    const link = wanted ? null : find(rules.link, text);
    const linked = known.find((lab) => link?.[1]?.match(/^\/([a-z]+)/i)?.[1]?.toLowerCase() === lab.name);
    if (linked) return told({ kind: 'link', lab: linked.name, what: 'A link to an answer', link: `#${link?.[1]}` });
    const parts = partsOf(text);
    const lab = wanted && known.find((lab) => lab.name === wanted);
    if (lab) {
      const inputs = filled(lab.name, parts) ?? whole(lab, text);
      return told({ kind: 'lab', lab: lab.name, what: whatOf(lab.name, parts), inputs });
    }
    const scored = known
      .map(({ name }) => ({ name, inputs: filled(name, parts), score: score(name, parts) }))
      .filter(({ inputs, score }) => inputs && score > 0)
      .sort((a, b) => b.score - a.score);
    const names = scored.map(({ name }) => name);
    const [best, next] = scored;
    if (!best || best.score < rules.least) return told({ others: names });
    if (next && best.score - next.score < rules.ahead) return told({ kind: 'unsure', others: names });
    const what = whatOf(best.name, parts);
    return told({ kind: 'lab', lab: best.name, what, inputs: best.inputs ?? {}, others: names.slice(1) });
  }

  /** @param {LabRules['clues'][number]} clue @param {Parts} parts */
  function speaks([, part, pattern], parts) {
    const text = parts[part];
    return text !== '' && (!pattern || find(pattern, nearOf(text)) !== null);
  }

  /** @param {string} name */
  const rulesOf = (name) => /** @type {LabRules} */ (signs[name]);

  /** @param {string} name @param {Parts} parts */
  const score = (name, parts) =>
    rulesOf(name).clues.reduce((sum, clue) => sum + (speaks(clue, parts) ? clue[0] : 0), 0);

  /** The words of the heaviest clue that speaks for the lab. @param {string} name @param {Parts} parts */
  function whatOf(name, parts) {
    let [most, words] = [0, 'Text'];
    for (const clue of rulesOf(name).clues)
      if (clue[3] && clue[0] > most && speaks(clue, parts)) [most, words] = [clue[0], clue[3]];
    return words;
  }

  /** The lab's inputs; null when none of its main fields gets any. @param {string} name @param {Parts} parts */
  function filled(name, parts) {
    /** @type {Inputs} */
    const inputs = {};
    const { main, fills } = rulesOf(name);
    for (const fill of fills) {
      const text = fill[0] in inputs ? '' : taken(fill, parts);
      if (text) inputs[fill[0]] = text;
    }
    return main.some((field) => field in inputs) ? inputs : null;
  }

  /** What a fill finds; '' for nothing. @param {LabRules['fills'][number]} fill @param {Parts} parts */
  function taken([, from, pattern, form, must], parts) {
    const part = parts[from];
    if (!part) return '';
    if (!pattern) return must === 'known' ? onlyKnown(part, parts.formula) : part;
    if (form === '{0}') return find(pattern, nearOf(part)) ? part : '';
    for (const found of nearOf(part).matchAll(compiled(pattern))) {
      let text = form.replace(/\{(\d)\}/g, (_, n) => found[Number(n)] ?? '').trim();
      if (must === 'formula') text = trimmed(text);
      if (must === 'components') text = components(text);
      if (must === 'known' && !holds(parts.formula || parts.code, text)) continue;
      if (text && (must !== 'formula' || isFormula(text))) return text;
    }
    return '';
  }

  /** `(a, f(b, c))` as `a; f(b, c)`; '' when there are not two or three. @param {string} text */
  function components(text) {
    let depth = 0;
    let found = [''];
    for (const letter of text) {
      if ('([{'.includes(letter)) depth++;
      if (')]}'.includes(letter)) depth--;
      if (depth < 0) break;
      if (depth === 0 && (letter === ',' || letter === ';')) found.push('');
      else found[found.length - 1] += letter;
    }
    found = found.map((part) => trimmed(part.replace(/[>⟩].*$/, '')));
    const bad = found.some((part) => !part || english(part) || find(rules.undefined, part) !== null);
    if (bad || !/[a-z]/i.test(text) || text.includes('[') || found.length < 2 || found.length > 3) return '';
    return found.join('; ');
  }

  return { recognise };
}

/** The points whose names stand in the formula. @param {string} points @param {string} formula */
const onlyKnown = (points, formula) =>
  points
    .split(', ')
    .filter((point) => holds(formula, point.split('=')[0] ?? ''))
    .join(', ');

/** Whether all names of a list stand in the formula. @param {string} formula @param {string} names */
const holds = (formula, names) =>
  names.split(/\s*(?:,|\band\b)\s*/).every((name) => name !== '' && formula.includes(name));

/** The whole text in the lab's main field, when the lab was chosen by hand. @param {Lab} lab @param {string} text */
function whole(lab, text) {
  const main = /** @type {import('../generated/types').Field} */ (
    lab.fields.find(({ required, kind }) => required || kind !== 'choice')
  );
  if (main.kind === 'code' || main.kind === 'data') return { [main.name]: text };
  const lines = text.split('\n').map((line) => line.trim());
  return { [main.name]: lines.filter(Boolean).join('; ') };
}
