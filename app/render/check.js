/** Checks: what was claimed, how it was tested, and what came of it. */

import { html } from '../page/html.js';
import { memo } from '../page/memo.js';
import { Prose } from './formula/prose.js';
import { formatNumber } from './number.js';
import { useTurn } from './turns.js';

/** @typedef {import('../generated/types').Check} Check */

const GLYPHS = { passed: '✓', failed: '✗', unchecked: '○' };
const WORDS = {
  passed: 'Checked',
  failed: 'Failed',
  unchecked: 'Not checked',
};

/** @param {{check: Check}} props */
export function CheckMark({ check }) {
  const words = [WORDS[check.verdict], check.method, figures(check)].filter(Boolean).join('. ');
  return html`<span class="verdict" data-verdict=${check.verdict} role="img" aria-label=${words} title=${words}>
    ${GLYPHS[check.verdict]}
  </span>`;
}

export const CheckView = memo((/** @type {{block: Check}} */ { block }) => {
  if (!useTurn()) return html`<li class="check" data-later></li>`;
  return html`<li class="check" data-kind="check" data-verdict=${block.verdict}>
    <span class="verdict" data-verdict=${block.verdict} role="img" aria-label=${WORDS[block.verdict]}>${GLYPHS[block.verdict]}</span>
    <div>
      <p class="claim"><${Prose} text=${block.claim} /></p>
      <p class="method"><${Prose} text=${block.method} />${figures(block) && html`${' · '}${figures(block)}`}</p>
    </div>
  </li>`;
});

/** @param {Check} check */
function figures({ figure, bound }) {
  if (figure === null) return '';
  const measured = `measured ${formatNumber(figure, 2)}`;
  return bound === null ? measured : `${measured}, bound ${formatNumber(bound, 2)}`;
}
