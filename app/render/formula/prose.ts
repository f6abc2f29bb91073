/**
 * Prose: plain text with `$...$` around LaTeX, backticks around code, `**...**` around what is stressed. A backslash
 * takes the meaning of a mark away. Marks without their partner are text.
 */

import { html } from '../../page/html.ts';
import type { Piece } from './prose_parse.ts';
import { parseProse } from './prose_parse.ts';
import { Tex } from './tex.ts';

export function Prose({ text }: { text: string }) {
  return html`${parseProse(text).map(drawn)}`;
}

function drawn(piece: Piece): any {
  if (piece.type === 'strong') return html`<strong>${piece.pieces.map(drawn)}</strong>`;
  if (piece.type === 'code') return html`<code>${piece.text}</code>`;
  if (piece.type === 'math') return html`<${Tex} tex=${piece.text} />`;
  return piece.text;
}
