/** What a plot has to know of the page around it: its width, and its colours. */

import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import type { Plot } from '../../generated/types';
import { rasterColours } from './colours.ts';
import { rasterScale } from './geometry.ts';

/**
 * The colour scale of rasters; a raster is a picture, so its colours must be known now.
 * @param colour what a colour of the style sheet is
 */
export function colourScale(block: Plot, colour: (name: string) => string) {
  const values = rasterScale(block);
  if (!values) return null;
  const { low, high, diverging } = values;
  const scale = { domain: [low, (low + high) / 2, high], range: rasterColours(diverging).map(colour) };
  return { type: 'linear' as const, interpolate: 'lab' as const, ...scale };
}

/** The page's own colours, as they are at a node. */
export const coloursAt = (node: HTMLElement) => (name: string) => {
  // Colours that mean values are kept where all others are the system's.
  node.style.forcedColorAdjust = 'none';
  node.style.color = `var(${name})`;
  const { color } = getComputedStyle(node);
  node.style.color = '';
  node.style.forcedColorAdjust = '';
  return color;
};

export function useWidth(place: { current: HTMLElement | null }) {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const node = place.current;
    if (!node) return;
    // What is folded away is drawn for the room that it will have, so that it is there once it is opened or printed.
    const folded = () => node.closest('[hidden]')?.parentElement?.clientWidth ?? 0;
    const measure = () => setWidth(Math.floor(node.clientWidth || folded()));
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(node);
    return () => watch.disconnect();
  }, []);
  return width;
}

/** Surfaces are pictures, so a change of theme draws them again. */
export function useTheme() {
  const [theme, setTheme] = useState(0);
  useEffect(() => {
    const changed = () => setTheme((count) => count + 1);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const watch = new MutationObserver(changed);
    dark.addEventListener('change', changed);
    watch.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      dark.removeEventListener('change', changed);
      watch.disconnect();
    };
  }, []);
  return theme;
}
