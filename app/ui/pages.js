/** The pages that are no lab: each has an address, and comes when it is asked for. */

import { useEffect, useState } from 'preact/hooks';
import { html } from '../page/html.ts';

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

/** @typedef {ReturnType<typeof createPages>} Pages */

/** @param {Record<string, () => Promise<PageModule>>} loaders what brings each page, by its address */
export function createPages(loaders) {
  /** @type {Map<string, PageModule>} */
  const there = new Map();
  return {
    addresses: Object.keys(loaders),
    /** @param {string} address the page, if it has come */
    get: (address) => there.get(address),
    /** @param {string} address */
    async fetch(address) {
      const found = there.get(address) ?? (await loaders[address]?.());
      if (found) there.set(address, found);
      return found;
    },
  };
}

/** A page, at once when it is there, else as soon as it is. @param {PageProps & {pages: Pages}} props */
export function PageView({ pages, ...props }) {
  const { page } = props.state;
  const [, setArrived] = useState('');
  const [problem, setProblem] = useState('');
  const found = pages.get(page);
  useEffect(() => {
    if (found) document.title = [found.title, 'Nabla'].filter(Boolean).join(' · ');
    else
      pages.fetch(page).then(
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
