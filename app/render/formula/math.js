/** A formula that stands by itself. */

import { CopyButton } from '../../page/copy.js';
import { html } from '../../page/html.js';
import { Prose } from './prose.js';
import { Formula } from './tex.js';

/** @param {{block: import('../../generated/types').Math}} props */
export function MathView({ block }) {
  return html`<div class="math math-${block.role}">
    ${block.label && html`<p class="label"><${Prose} text=${block.label} /></p>`}
    <${Formula} tex=${block.tex} />
    <${CopyButton} text=${block.tex} what="LaTeX" />
  </div>`;
}
