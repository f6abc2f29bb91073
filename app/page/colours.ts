/** The colours that the visitor chose: light, dark, or as the system has them. */

const KEY = 'nabla.theme';

export type Theme = 'system' | 'light' | 'dark';
export type Shelf = Pick<Storage, 'getItem' | 'setItem'> | null;

export const present = (): Theme => (document.documentElement.dataset.theme ?? 'system') as Theme;

export function wear(theme: Theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function restoreTheme(shelf: Shelf) {
  const kept = shelf?.getItem(KEY);
  if (kept === 'light' || kept === 'dark') wear(kept);
}

export const keepTheme = (shelf: Shelf, theme: Theme) => shelf?.setItem(KEY, theme);
