/** The colours that the visitor chose: light, dark, or as the system has them. */

const KEY = 'nabla.theme';

/** @typedef {'system' | 'light' | 'dark'} Theme */
/** @typedef {Pick<Storage, 'getItem' | 'setItem'> | null} Shelf */

/** @returns {Theme} */
export const present = () => /** @type {Theme} */ (document.documentElement.dataset.theme ?? 'system');

/** @param {Theme} theme */
export function wear(theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** @param {Shelf} shelf */
export function restoreTheme(shelf) {
  const kept = shelf?.getItem(KEY);
  if (kept === 'light' || kept === 'dark') wear(kept);
}

/** @param {Shelf} shelf @param {Theme} theme */
export const keepTheme = (shelf, theme) => shelf?.setItem(KEY, theme);
