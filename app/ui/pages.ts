/** The pages that are no lab: each has an address, and comes when it is asked for. */

import { useEffect, useState } from 'preact/hooks';
import type { Build } from '../engine/protocol.ts';
import { html } from '../page/html.ts';
import { newerLoads, whyMissing } from '../page/newer.ts';
import type { TextStorage } from '../page/storage.ts';
import type { VisitHistory } from '../visit/history.ts';
import type { Session } from '../visit/session.ts';
import type { State } from '../visit/state.ts';

export interface PageProps {
  state: State;
  session: Session;
  build: Build;
  storage: TextStorage | null;
  visitHistory: VisitHistory;
  /** whether Python may start from its snapshot */
  quick: boolean;
}

export type PageModule = { Page: (props: PageProps) => any; title: string };

export type Pages = ReturnType<typeof createPages>;

/** @param loaders what brings each page, by its address */
export function createPages(loaders: Record<string, () => Promise<PageModule>>) {
  const there: Map<string, PageModule> = new Map();
  return {
    addresses: Object.keys(loaders),
    /** @param address the page, if it has come */
    get: (address: string) => there.get(address),
    async fetch(address: string) {
      const found = there.get(address) ?? (await loaders[address]?.());
      if (found) there.set(address, found);
      return found;
    },
  };
}

/** A page, at once when it is there, else as soon as it is. */
export function PageView({ pages, ...props }: PageProps & { pages: Pages }) {
  const { page } = props.state;
  const [, setArrived] = useState('');
  const [problem, setProblem] = useState({ page: '', why: '' });
  const found = pages.get(page);
  useEffect(() => {
    if (found) document.title = [found.title, 'Nabla'].filter(Boolean).join(' · ');
    else
      pages.fetch(page).then(
        () => setArrived(page),
        async (error) => {
          console.warn(`Nabla: the page ${page} did not arrive.`, error);
          if (!(await newerLoads())) setProblem({ page, why: await whyMissing() });
        },
      );
  }, [page, found]);
  if (found) return html`<${found.Page} ...${props} />`;
  return html`<main id="answer" class="page" tabindex="-1" data-state=${problem.page === page ? 'error' : 'loading'}>
    ${problem.page === page && html`<p class="note" data-tone="warning" role="alert">${problem.why}</p>`}
  </main>`;
}
