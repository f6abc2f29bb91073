/** What checks mean, in words: the verdicts and the kinds of tests. */

import { html } from '../page/html.ts';

export type Kind = { name: string; meaning: string };

const GLYPHS: Record<string, string> = { passed: '✓', failed: '✗', unchecked: '○' };

export const Verdicts = ({ verdicts }: { verdicts: Record<string, string> }) =>
  html`<ul class="verdicts">${Object.entries(verdicts).map(
    ([verdict, meaning]) =>
      html`<li><span class="verdict" data-verdict=${verdict} aria-hidden="true">${GLYPHS[verdict]}</span> ${meaning}</li>`,
  )}</ul>`;

export const CheckKinds = ({ kinds }: { kinds: Kind[] }) =>
  html`<dl class="check-kinds">${kinds.map(
    ({ name, meaning }) => html`<div><dt>${name}</dt><dd>${meaning}</dd></div>`,
  )}</dl>`;

/** What stands under a list of checks when it is asked for. */
export function Explained({ help, checks }: { help: any; checks: { test: string; verdict: string }[] }) {
  const kinds = Object.keys(help.tests).filter((test) => checks.some((check) => check.test === test));
  const verdicts = Object.fromEntries(
    Object.entries(help.verdicts).filter(([verdict]) => checks.some((check) => check.verdict === verdict)),
  );
  return html`<${Verdicts} verdicts=${verdicts} /><${CheckKinds} kinds=${kinds.map((test) => help.tests[test])} />`;
}
