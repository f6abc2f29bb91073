/**
 * The page inside of another one, `?embed`: only the answer, and a way to the page itself.
 *
 * `?embed&theme=light` or `dark` sets the colours; without it, or with `auto`, they are as the system has them. The
 * host is sent the height that the answer takes, `{nabla: 'height', height}` in CSS pixels, each time it changes. An
 * embedded page keeps nothing on the device and leaves the history of its host alone.
 */

import type { Theme } from '../page/colours.ts';

export type Embedding = { theme: Theme };

/** What an address asks for, null where the page stands for itself. */
export function embedding(search: string): Embedding | null {
  const asked = new URLSearchParams(search);
  if (!asked.has('embed')) return null;
  const theme = asked.get('theme');
  return { theme: theme === 'light' || theme === 'dark' ? theme : 'system' };
}

/** Tell the host how high the page is, now and from now on. */
export function tellHeight(page: Element) {
  if (parent === window) return;
  let told = 0;
  new ResizeObserver(() => {
    const height = Math.ceil(page.getBoundingClientRect().height);
    if (height === told) return;
    told = height;
    // The embedding page may know the height, and is told nothing else.
    parent.postMessage({ nabla: 'height', height }, '*');
  }).observe(page);
}
