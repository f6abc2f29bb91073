/**
 * Prose: plain text with `$...$` around LaTeX, backticks around code, `**...**` around what is stressed. A backslash
 * takes the meaning of a mark away. Marks without their partner are text.
 */

import { html } from '../../page/html.js';
import { parseProse } from './prose_parse.js';
import { Tex } from './tex.js';

/** @typedef {import('./prose_parse.js').Piece} Piece */

/** @param {{text: string}} props */
export function Prose({ text }) {
  return html`${parseProse(text).map(drawn)}`;
}

/** @param {Piece} piece @returns {any} */
function drawn(piece) {
  if (piece.type === 'strong') return html`<strong>${piece.pieces.map(drawn)}</strong>`;
  if (piece.type === 'code') return html`<code>${piece.text}</code>`;
  if (piece.type === 'math') return html`<${Tex} tex=${piece.text} />`;
  return piece.text;
}
