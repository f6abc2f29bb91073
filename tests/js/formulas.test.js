/** Every formula of the golden documents, in blocks and inside prose, is one that KaTeX can set. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import katex from 'katex';
import { parseProse } from '../../app/render/formula/prose_parse.ts';

const golden = new URL('../golden/', import.meta.url);
const formulas = new Set(['tex', 'where', 'value', 'adjoint']);
const sentences = new Set(['text', 'why', 'title', 'claim', 'method', 'label', 'summary', 'caption']);

/** @param {any} part @param {string} key @param {Set<string>} found @returns {Set<string>} */
function texIn(part, key, found) {
  if (Array.isArray(part)) for (const item of part) texIn(item, key, found);
  else if (part && typeof part === 'object') for (const [name, item] of Object.entries(part)) texIn(item, name, found);
  else if (typeof part === 'string' && part && formulas.has(key)) found.add(part);
  else if (typeof part === 'string' && sentences.has(key)) proseTex(parseProse(part), found);
  return found;
}

/** @param {import('../../app/render/formula/prose_parse.ts').Piece[]} pieces @param {Set<string>} found */
function proseTex(pieces, found) {
  for (const piece of pieces) {
    if (piece.type === 'strong') proseTex(piece.pieces, found);
    else if (piece.type === 'math') found.add(piece.text);
  }
}

for (const name of readdirSync(golden).filter((file) => file.endsWith('.json'))) {
  test(`the formulas of ${name}`, () => {
    const { title, blocks } = JSON.parse(readFileSync(new URL(name, golden), 'utf-8'));
    const shown = blocks.filter((/** @type {any} */ block) => block.kind !== 'code');
    const found = texIn({ title, shown }, '', new Set());
    assert.ok(found.size);
    for (const tex of found) katex.renderToString(tex, { strict: 'ignore' });
  });
}
