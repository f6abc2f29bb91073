/** What checks mean, in words: the verdicts and the kinds of tests. */

import { html } from '../page/html.js';

/** @typedef {{name: string, meaning: string}} Kind */

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

/** What stands under a list of checks when it is asked for. @param {{help: any, checks: {test: string, verdict: string}[]}} props */
export function Explained({ help, checks }) {
  const kinds = Object.keys(help.tests).filter((test) => checks.some((check) => check.test === test));
  const verdicts = Object.fromEntries(
    Object.entries(help.verdicts).filter(([verdict]) => checks.some((check) => check.verdict === verdict)),
  );
  return html`<${Verdicts} verdicts=${verdicts} /><${CheckKinds} kinds=${kinds.map((test) => help.tests[test])} />`;
}
