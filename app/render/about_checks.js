/** What checks mean, in words: the verdicts and the kinds of tests. */

import { html } from '../page/html.js';

/** @typedef {{name: string, pattern: string, meaning: string}} Kind */

/** @type {Record<string, string>} */
const GLYPHS = { passed: '✓', failed: '✗', unchecked: '○' };

/** @param {{verdicts: Record<string, string>}} props */
export const Verdicts = ({ verdicts }) =>
  html`<ul class="verdicts">${Object.entries(verdicts).map(
    ([verdict, meaning]) =>
      html`<li><span class="verdict" data-verdict=${verdict} aria-hidden="true">${GLYPHS[verdict]}</span> ${meaning}</li>`,
  )}</ul>`;

/** @param {{kinds: Kind[]}} props */
export const CheckKinds = ({ kinds }) =>
  html`<dl class="check-kinds">${kinds.map(
    ({ name, meaning }) => html`<div><dt>${name}</dt><dd>${meaning}</dd></div>`,
  )}</dl>`;

/** What stands under a list of checks when it is asked for. @param {{help: any, checks: {method: string, verdict: string}[]}} props */
export function Explained({ help, checks }) {
  const kinds = help.kinds.filter((/** @type {Kind} */ { pattern }) =>
    checks.some(({ method }) => first(help.kinds, method)?.pattern === pattern),
  );
  const verdicts = Object.fromEntries(
    Object.entries(help.verdicts).filter(([verdict]) => checks.some((check) => check.verdict === verdict)),
  );
  return html`<${Verdicts} verdicts=${verdicts} /><${CheckKinds} kinds=${kinds} />`;
}

/** @param {Kind[]} kinds @param {string} method */
const first = (kinds, method) => kinds.find(({ pattern }) => new RegExp(pattern).test(method));
