/** The answer on paper, or as a PDF: light, unfolded, plots redrawn for the width of a page. */

import { drawn as allDrawn } from '../render/draw_queue.ts';
import { drawFar } from '../render/lazy.ts';

/** A step's own fold: paper cannot be unfolded. */
const FOLDED = '.step > details';
/** The width of a page between its margins, in CSS pixels; style.css has the same. */
const PAGE = 656;
/** Pictures that are still on their way, and how long they are waited for, in ms. */
const UNDRAWN = '.canvas:empty, .board[data-placed=false]';
const LONGEST_WAIT = 10_000;
/** Links that would fill a page are not printed. */
const LONGEST = 600;

/** Print what is on the page. Resolves when that is done, as far as the browser tells. */
export async function printAnswer() {
  const root = document.documentElement;
  const { theme } = root.dataset;
  root.dataset.printing = '';
  // Surfaces are pictures: their colours have to be light before they are printed.
  root.dataset.theme = 'light';
  const restore = () => {
    removeEventListener('afterprint', restore);
    delete root.dataset.printing;
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  try {
    await drawn();
  } finally {
    addEventListener('afterprint', restore);
  }
  print();
}

/** Once everything is there, widths have been noticed, plots drawn for them, and what they are drawn with has been laid out. */
async function drawn() {
  await allDrawn(true);
  drawFar();
  // With these the far ones are drawn.
  if (document.querySelector('.plot')) await import('../render/plot/live.ts');
  if (document.querySelector('.graph')) await import('../render/graph/view.ts');
  // A picture that cannot be drawn says so in its place; none is waited for longer than this.
  const last = performance.now() + LONGEST_WAIT;
  do await new Promise((resolve) => setTimeout(resolve, 100));
  while (document.querySelector(UNDRAWN) && performance.now() < last);
}

/** Whatever way printing is asked for: steps open, graphs as wide as a page, the address at the end. */
export function preparePaper() {
  let folded: HTMLDetailsElement[] = [];
  let shrunk: HTMLElement[] = [];
  const before = () => {
    drawFar();
    const steps = document.querySelectorAll(FOLDED) as NodeListOf<HTMLDetailsElement>;
    folded = [...steps].filter((step) => !step.open);
    for (const step of folded) step.open = true;
    const graphs = document.querySelectorAll('.graph-size') as NodeListOf<HTMLElement>;
    shrunk = [...graphs].filter((graph) => graph.offsetWidth > PAGE);
    for (const graph of shrunk) graph.style.zoom = String(PAGE / graph.offsetWidth);
    const main = document.querySelector('main');
    const { href } = location;
    // The browser's own command does not wait; what it prints says so.
    if (main && document.querySelector(UNDRAWN)) main.dataset.undrawn = '';
    if (main) main.dataset.address = href.length > LONGEST ? href.replace(/[?#].*/, '') : href;
  };
  const after = () => {
    for (const step of folded) step.open = false;
    for (const graph of shrunk) graph.style.zoom = '';
    delete document.querySelector('main')?.dataset.undrawn;
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'p' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    printAnswer();
  };
  addEventListener('beforeprint', before);
  addEventListener('afterprint', after);
  addEventListener('keydown', onKey);
  return () => {
    removeEventListener('beforeprint', before);
    removeEventListener('afterprint', after);
    removeEventListener('keydown', onKey);
  };
}
