/** A formula that stands by itself. */

import type { Math as MathBlock } from '../../generated/types';
import { CopyButton } from '../../page/copy.ts';
import { html } from '../../page/html.ts';
import { Prose } from './prose.ts';
import { Formula } from './tex.ts';

export function MathView({ block }: { block: MathBlock }) {
  return html`<div class="math math-${block.role}">
    ${block.label && html`<p class="label"><${Prose} text=${block.label} /></p>`}
    <${Formula} tex=${block.tex} />
    <${CopyButton} text=${block.tex} what="LaTeX" />
  </div>`;
}
