/** The colours that the visitor chose: light, dark, or as the system has them. */

import type { TextStorage } from './storage.ts';

const KEY = 'nabla.theme';

export type Theme = 'system' | 'light' | 'dark';

export const present = (): Theme => (document.documentElement.dataset.theme ?? 'system') as Theme;

export function applyTheme(theme: Theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function restoreTheme(storage: TextStorage | null) {
  const kept = storage?.getItem(KEY);
  if (kept === 'light' || kept === 'dark') applyTheme(kept);
}

export const keepTheme = (storage: TextStorage | null, theme: Theme) => storage?.setItem(KEY, theme);
