/** Formulas. The only caller of KaTeX, and only of `render`: its strings would carry styles that the policy drops. */

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { html } from '../../page/html.ts';
import { yieldToBrowser } from '../../page/pause.ts';

export type Katex = typeof import('katex').default;

let katex: Katex | null = null;
let coming: Promise<void> | undefined;

/** KaTeX, half of the page's program, comes by itself: what is around the formulas can be seen before. */
export function fetchTex() {
  coming ??= import('katex').then(
    async (module) => {
      await yieldToBrowser();
      katex = module.default;
    },
    (error) => {
      coming = undefined;
      throw error;
    },
  );
  return coming;
}

/** Whether formulas can be drawn, or never will be: what is set around them before would move when they come. */
export function useTexReady(): boolean {
  const [ready, setReady] = useState(katex !== null);
  useLayoutEffect(() => {
    const come = () => setReady(true);
    if (!ready) fetchTex().then(come, come);
  }, []);
  return ready;
}

/** Letters of a formula within a line from which it may be wider than a phone. */
const LONG = 40;

/** A formula as KaTeX draws it, with MathML for those who listen. One that KaTeX refuses is shown as its source. */
export function Tex({ tex, display = false }: { tex: string; display?: boolean }) {
  const place = useRef(null as HTMLElement | null);
  useLayoutEffect(() => {
    const node = place.current;
    if (!node) return;
    const end = !display && tex.length > LONG ? watched(node) : () => {};
    if (katex) {
      draw(katex, node, tex, display);
      return end;
    }
    let wanted = true;
    fetchTex().then(
      () => wanted && katex && draw(katex, node, tex, display),
      (error) => wanted && drawSource(node, tex, error.message),
    );
    return () => {
      wanted = false;
      end();
    };
  }, [tex, display]);
  return html`<span class=${display ? 'tex tex-display' : 'tex'} data-tex=${tex} ref=${place}></span>`;
}

/** What KaTeX may do beyond drawing: the colours of chains, and numbers that can be dragged. */
const isOurs = (asked: { command: string; class?: string }) =>
  asked.command === '\\htmlClass' && /^(?:inner-[1-3]|given-\d{1,2})$/.test(asked.class ?? '');

/** Displayed formulas are set in display style but inline, since only there KaTeX lets a line end at a relation. */
function draw(katex: Katex, place: HTMLElement, tex: string, display: boolean) {
  const source = display ? `\\displaystyle ${tex}` : tex;
  try {
    katex.render(source, place, { output: 'htmlAndMathml', trust: isOurs, strict: 'ignore', maxSize: 20 });
  } catch (error) {
    if (!(error instanceof katex.ParseError)) throw error;
    drawSource(place, tex, error.message);
  }
}

function drawSource(place: HTMLElement, tex: string, why: string) {
  const source = document.createElement('code');
  source.className = 'tex-refused';
  source.title = why;
  source.textContent = tex;
  place.replaceChildren(source);
}

/**
 * A formula within a line can end that line only at a relation or a sum; what is wider than a phone then scrolls by
 * itself.
 */
function watched(place: HTMLElement) {
  const room = place.closest('p, li, dd, h2, h3, h4, summary, .preview');
  if (!room || place.closest('table')) return () => {};
  const watch = new ResizeObserver(() => {
    const bases = [...(place.querySelectorAll('.katex-html > *') as NodeListOf<HTMLElement>)];
    scrolls(place, Math.max(...bases.map((base) => base.offsetWidth)) > room.clientWidth);
  });
  watch.observe(room);
  return () => watch.disconnect();
}

function scrolls(node: HTMLElement, wide: boolean) {
  node.classList.toggle('wide', wide);
  if (wide) setAttributes(node, { tabindex: '0', role: 'group', 'aria-label': 'Formula, scrolls sideways' });
  else for (const name of ['tabindex', 'role', 'aria-label']) node.removeAttribute(name);
}

/** A formula that is a little too wide for its place is set so much smaller at most. */
const SMALLEST = 0.7;

/** A displayed formula: smaller where it is too wide; where that is not enough it scrolls, by keyboard too. */
export function Formula({ tex }: { tex: string }) {
  const frame = useRef(null as HTMLElement | null);
  const size = useRef(1);
  const fit = () => {
    const node = frame.current;
    if (!node) return;
    const bases = [...(node.querySelectorAll('.katex-html > *') as NodeListOf<HTMLElement>)];
    const needed = Math.max(1, ...bases.map((base) => base.offsetWidth)) / size.current;
    const share = Math.floor((100 * node.clientWidth) / needed) / 100;
    const next = Math.min(1, Math.max(SMALLEST, share));
    if (next !== size.current) node.style.fontSize = next < 1 ? `${next}em` : '';
    size.current = next;
    scrolls(node, node.scrollWidth > node.clientWidth + 1);
  };
  useLayoutEffect(fit, [tex]);
  useLayoutEffect(() => {
    const node = frame.current;
    if (!node) return;
    let asked = 0;
    // What is observed may not change its size while it is told of it.
    const watch = new ResizeObserver(() => {
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(fit);
    });
    watch.observe(node);
    if (node.firstElementChild) watch.observe(node.firstElementChild);
    return () => {
      cancelAnimationFrame(asked);
      watch.disconnect();
    };
  }, []);
  return html`<div class="formula" ref=${frame}><${Tex} tex=${tex} display /></div>`;
}

function setAttributes(node: Element, attributes: Record<string, string>) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}
