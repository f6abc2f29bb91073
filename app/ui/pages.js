/** The pages that are no lab, each by its address, and what brings it when it is asked for. */

import { useEffect, useState } from 'preact/hooks';
import { html } from '../page/html.js';

/**
 * @typedef {object} PageProps
 * @property {import('../visit/state.js').State} state
 * @property {import('../visit/session.js').Session} session
 * @property {import('../engine/protocol').Build} build
 * @property {Storage | null} storage
 * @property {import('../visit/trail.js').Trail} trail
 * @property {boolean} quick whether Python may start from its snapshot
 *
 * @typedef {{Page: (props: PageProps) => any, title: string}} PageModule
 */

/** @type {Record<string, () => Promise<PageModule>>} */
export const PAGES = {
  '/': () => import('./start.js'),
  '/help/syntax': () => import('./syntax.js'),
  '/about': () => import('./about.js'),
  '/python': () => import('../cell/page.js'),
};

/** @type {Map<string, PageModule>} */
const there = new Map();

/** @param {string} page one of `PAGES` */
export async function fetchPage(page) {
  const found = there.get(page) ?? (await PAGES[page]?.());
  if (found) there.set(page, found);
  return found;
}

/** A page, at once when it is there, else as soon as it is. @param {PageProps} props */
export function PageView(props) {
  const { page } = props.state;
  const [, setArrived] = useState('');
  const [problem, setProblem] = useState('');
  const found = there.get(page);
  useEffect(() => {
    if (found) document.title = [found.title, 'Nabla'].filter(Boolean).join(' · ');
    else
      fetchPage(page).then(
        () => setArrived(page),
        (error) => {
          console.warn(`Nabla: the page ${page} did not arrive.`, error);
          setProblem(page);
        },
      );
  }, [page, found]);
  if (found) return html`<${found.Page} ...${props} />`;
  return html`<main id="answer" class="page" tabindex="-1" data-state=${problem === page ? 'error' : 'loading'}>
    ${problem === page && html`<p class="note" data-tone="warning" role="alert">This part of the page did not arrive. Is there a network?</p>`}
  </main>`;
}
