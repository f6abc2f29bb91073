/** The colours that the visitor chose: light, dark, or as the system has them. */

import type { Shelf } from './storage.ts';

const KEY = 'nabla.theme';

export type Theme = 'system' | 'light' | 'dark';

export const present = (): Theme => (document.documentElement.dataset.theme ?? 'system') as Theme;

export function wear(theme: Theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function restoreTheme(shelf: Shelf | null) {
  const kept = shelf?.getItem(KEY);
  if (kept === 'light' || kept === 'dark') wear(kept);
}

export const keepTheme = (shelf: Shelf | null, theme: Theme) => shelf?.setItem(KEY, theme);
