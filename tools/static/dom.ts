/**
 * A document without a browser, in which the page's own renderers draw: linkedom's, and what it lacks. There is no
 * layout: what is measured has the size that it is given here, and everything counts as seen.
 */

import { readFileSync } from 'node:fs';
import { parseHTML } from 'linkedom';
import { Canvas } from './canvas.ts';

/** The width in pixels of the column in which answers stand. */
const WIDTH = 640;

const { document, Element, HTMLElement, SVGElement, Node } = parseHTML(
  '<!doctype html><html lang="en"><head></head><body></body></html>',
);
const tokens = readFileSync(new URL('../../app/page/tokens.css', import.meta.url), 'utf8');

/** A colour of the page by its name, as it is on light ground. */
const colour = (name: string) => new RegExp(`${name}: light-dark\\(([^,]+),`).exec(tokens)?.[1] ?? '';

class Observer {
  observe() {}
  disconnect() {}
}

/** Sees whatever it is asked to watch. */
class SeesAll extends Observer {
  readonly #callback: (entries: { isIntersecting: boolean }[]) => void;
  constructor(tell: (entries: { isIntersecting: boolean }[]) => void) {
    super();
    this.#callback = tell;
  }
  override observe() {
    queueMicrotask(() => this.#callback([{ isIntersecting: true }]));
  }
}

const createElement = document.createElement.bind(document);
Object.defineProperties(document, {
  compatMode: { value: 'CSS1Compat' },
  createElement: { value: (name: string) => (name === 'canvas' ? new Canvas() : createElement(name)) },
});
Object.defineProperties(Element.prototype, {
  clientWidth: { get: () => WIDTH },
  scrollWidth: { get: () => 0 },
});

Object.assign(globalThis, {
  window: globalThis, // where Observable Plot looks for the document
  document,
  Element,
  HTMLElement,
  SVGElement,
  Node,
  MutationObserver: Observer,
  ResizeObserver: Observer,
  IntersectionObserver: SeesAll,
  matchMedia: () => ({ matches: false, addEventListener() {}, removeEventListener() {} }),
  getComputedStyle: (node: HTMLElement) => ({ color: colour(/--[\w-]+/.exec(node.style.color)?.[0] ?? '') }),
  requestAnimationFrame: (draw: () => void) => setTimeout(draw),
  cancelAnimationFrame: clearTimeout,
  // Frames of other moments are of no use where nothing moves.
  requestIdleCallback: () => 0,
});
