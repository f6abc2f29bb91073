/** Answers as they stand without a program: what the page draws of them, but for what waits for a click. */

import './dom.ts';
import { h, render } from 'preact';
import { decodeDocument } from '../../app/engine/protocol.ts';
import { Blocks } from '../../app/render/document.ts';
import { drawn } from '../../app/render/draw_queue.ts';
import { Prose } from '../../app/render/formula/prose.ts';
import { fetchTex } from '../../app/render/formula/tex.ts';
import { boardDrawing, linesOf } from '../../app/render/graph/picture.ts';

/** A document, as far as these pages look into it. */
export interface Answer {
  title: string;
  warnings: { message: string }[];
  /** The sentence that answers, as prose. */
  answer?: { tex: string } | null;
  blocks: any[];
}

/** What needs a program. A note that offers inputs is of no use without its button. */
const LIVE = `.block:has(> .note > button), button, .menu, .timeline, .numbers, .readout, .placing, .graph-tools,
  .graph-about, .check-help, .code-bar, .handle, .cross, [display="none"], .katex-html, annotation`;
/** How long a plot may take, in ms. */
const PATIENCE = 60_000;
/** How large what is laid out in a graph is, in pixels, about: a letter, a line, and the room around them. */
const [LETTER, LINE, ROOM] = [8.5, 18, 16];

Object.defineProperties(HTMLElement.prototype, {
  offsetWidth: { get: widthOf },
  offsetHeight: { get: heightOf },
});

function widthOf(this: HTMLElement) {
  const lengths = linesOf(this).map(({ text }) => text.length);
  return Number.parseFloat(this.style.width) || LETTER * Math.max(1, ...lengths) + ROOM;
}

function heightOf(this: HTMLElement) {
  return Number.parseFloat(this.style.height) || LINE * Math.max(1, linesOf(this).length) + ROOM;
}

/** The blocks of a document. */
export async function answerOf(answer: Answer): Promise<ChildNode[]> {
  const place = document.createElement('div');
  document.body.append(place);
  render(h(Blocks, { blocks: decodeDocument(answer).blocks, apply() {} }), place);
  await drawn(true);
  await until(() => place.querySelector('.canvas:empty, .graph-scroll[data-waiting]:empty') === null);
  const failed = place.querySelector('.canvas > p, .graph-scroll[data-waiting], .tex-refused');
  if (failed) throw new Error(failed.textContent ?? '');
  settle(place);
  place.remove();
  return [...place.childNodes];
}

async function until(done: () => boolean) {
  const end = performance.now() + PATIENCE;
  while (!done()) {
    if (performance.now() > end) throw new Error('A plot or a graph was not drawn');
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/** Prose with its formulas, in an element of its own. */
export async function proseOf(tag: string, text: string): Promise<HTMLElement> {
  await fetchTex();
  const place = document.createElement(tag);
  render(h(Prose, { text }), place);
  settle(place);
  return place;
}

/** Leave what can be read: formulas as MathML, graphs as drawings, no parts that wait for a program. */
function settle(place: HTMLElement) {
  for (const board of place.querySelectorAll<HTMLElement>('.board')) {
    const drawing = boardDrawing(board);
    describe(drawing, board.closest('.graph-scroll')?.getAttribute('aria-label') ?? '');
    board.closest('.graph-size')?.replaceWith(drawing);
  }
  for (const node of place.querySelectorAll(LIVE)) node.remove();
  for (const tex of place.querySelectorAll<HTMLElement>('.tex')) {
    const formula = tex.querySelector('math');
    if (formula) tex.replaceWith(formula);
  }
  for (const formula of place.querySelectorAll('.formula')) scrolls(formula, 'Formula');
  for (const graph of place.querySelectorAll('.graph-scroll')) scrolls(graph, 'Graph');
  for (const canvas of place.querySelectorAll('.canvas')) {
    for (const { name } of [...canvas.attributes]) if (name !== 'class') canvas.removeAttribute(name);
    canvas.firstElementChild?.setAttribute('role', 'img');
  }
  for (const code of place.querySelectorAll('pre')) scrolls(code, 'Program');
  for (const node of place.querySelectorAll('svg *')) shorten(node);
}

function describe(node: Element, label: string) {
  node.setAttribute('role', 'img');
  node.setAttribute('aria-label', label);
}

/** It may be wider than the page, and is reached by the keyboard. */
function scrolls(node: Element, label: string) {
  for (const { name } of [...node.attributes]) if (name !== 'class') node.removeAttribute(name);
  for (const [name, value] of Object.entries({ tabindex: '0', role: 'group', 'aria-label': label })) {
    node.setAttribute(name, value);
  }
}

/** A hundredth of a pixel is as good as all digits. */
function shorten(node: Element) {
  for (const { name, value } of [...node.attributes]) {
    if (!/\d\.\d{3}/.test(value) || name === 'href') continue;
    node.setAttribute(
      name,
      value.replace(/-?\d+\.\d{3,}(?!e)/g, (number) => String(Math.round(100 * Number(number)) / 100)),
    );
  }
}
