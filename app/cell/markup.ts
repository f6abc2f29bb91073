/**
 * Markup that came out of the sandbox, or was written into a cell of text: read by the browser's own parser into a
 * document that loads and runs nothing, of which the page draws the elements and attributes of a short list anew.
 */

import { marked } from 'marked';
import { h } from 'preact';
import { Prose } from '../render/formula/prose.ts';

const ELEMENTS = new Set(
  (
    'a b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i ' +
    'ins kbd li mark ol p pre s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var'
  ).split(' '),
);
/** What is left out with all that is in it. */
const DROPPED = new Set('script style template iframe object embed svg math noscript title head'.split(' '));
const ATTRIBUTES = new Set(['colspan', 'rowspan', 'scope', 'title', 'align', 'start', 'open']);
/** Elements and texts of one piece. */
const MOST = 20_000;
const DEEPEST = 60;

/** @param formulas whether `$…$` in its texts is LaTeX */
export function Markup({ text, formulas = false }: { text: string; formulas?: boolean }) {
  const { body } = new DOMParser().parseFromString(text, 'text/html');
  return h('div', { class: 'markup' }, drawn(body, { left: MOST, formulas }, 0));
}

/** A text in Markdown. */
export const Markdown = ({ text }: { text: string }) =>
  h(Markup, { text: marked.parse(text, { async: false, gfm: true }), formulas: true });

function drawn(parent: Node, room: { left: number; formulas: boolean }, depth: number): any[] {
  const children: any[] = [];
  for (const node of parent.childNodes) {
    if (--room.left < 0 || depth > DEEPEST) break;
    if (node.nodeType === Node.TEXT_NODE) children.push(textOf(node, room.formulas));
    if (!(node instanceof Element)) continue;
    const name = node.localName;
    if (DROPPED.has(name)) continue;
    const inside = drawn(node, room, depth + 1);
    if (ELEMENTS.has(name)) children.push(h(name, attributesOf(node, name), inside));
    else children.push(inside);
  }
  return children;
}

function textOf(node: Node, formulas: boolean) {
  const text = node.textContent ?? '';
  const inCode = node.parentElement?.closest('code, pre');
  return formulas && !inCode && text.includes('$') ? h(Prose, { text }) : text;
}

function attributesOf(element: Element, name: string): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const { name: attribute, value } of element.attributes)
    if (ATTRIBUTES.has(attribute)) kept[attribute] = value.slice(0, 500);
  const target = name === 'a' ? element.getAttribute('href') : null;
  if (target && /^https?:\/\//i.test(target))
    Object.assign(kept, { href: target, rel: 'noreferrer', target: '_blank' });
  return kept;
}
