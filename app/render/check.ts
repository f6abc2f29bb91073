/** Checks: what was claimed, how it was tested, and what came of it. */

import type { Check } from '../generated/types';
import { html } from '../page/html.ts';
import { memo } from '../page/memo.ts';
import { useDrawQueue } from './draw_queue.ts';
import { Prose } from './formula/prose.ts';
import { formatNumber } from './number.ts';

const GLYPHS = { passed: '✓', failed: '✗', unchecked: '○' };
const WORDS = {
  passed: 'Checked',
  failed: 'Failed',
  unchecked: 'Not checked',
};

export function CheckMark({ check }: { check: Check }) {
  const words = [WORDS[check.verdict], check.method, figures(check)].filter(Boolean).join('. ');
  return html`<span class="verdict" data-verdict=${check.verdict} role="img" aria-label=${words} title=${words}>
    ${GLYPHS[check.verdict]}
  </span>`;
}

export const CheckView = memo(({ block }: { block: Check }) => {
  if (!useDrawQueue()) return html`<li class="check" data-later></li>`;
  return html`<li class="check" data-kind="check" data-verdict=${block.verdict}>
    <span class="verdict" data-verdict=${block.verdict} role="img" aria-label=${WORDS[block.verdict]}>${GLYPHS[block.verdict]}</span>
    <div>
      <p class="claim"><${Prose} text=${block.claim} /></p>
      <p class="method"><${Prose} text=${block.method} />${figures(block) && html`${' · '}${figures(block)}`}</p>
    </div>
  </li>`;
});

function figures({ figure, bound }: Check) {
  if (figure === null) return '';
  const measured = `measured ${formatNumber(figure, 2)}`;
  return bound === null ? measured : `${measured}, bound ${formatNumber(bound, 2)}`;
}
