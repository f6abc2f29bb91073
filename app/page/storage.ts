/**
 * What this browser keeps for this page. Other projects of the same origin share its storage, another Nabla among them:
 * keys carry the path of the page, and whoever reads takes nothing on trust.
 */

export type TextStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** The beginning of every key of the page at `path`, as of the names of its caches. */
export const prefixOf = (path: string) => `nabla ${path} `;

/** The path of the folder in which a page lies. */
export const folderOf = (page: string) => new URL('.', page).pathname;

/** The part of a storage that belongs to the page at `path`. */
export const scoped = (all: TextStorage, path: string): TextStorage => ({
  // Earlier versions kept things under the bare key.
  getItem: (key) => all.getItem(prefixOf(path) + key) ?? all.getItem(key),
  setItem: (key, text) => all.setItem(prefixOf(path) + key, text),
});

/** The browser's storage, or null where it is refused (reading the property alone may throw). */
export function deviceStorage(): TextStorage | null {
  try {
    return globalThis.localStorage ? scoped(localStorage, folderOf(location.href)) : null;
  } catch (error) {
    console.warn('Nabla: this browser keeps nothing for this page.', error);
    return null;
  }
}
