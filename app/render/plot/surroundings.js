/** What a plot has to know of the page around it: its width, and its colours. */

import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { rasterColours } from './colours.js';
import { rasterScale } from './geometry.js';

/** @typedef {import('../../generated/types').Plot} Plot */

/**
 * The colour scale of rasters; a raster is a picture, so its colours must be known now.
 * @param {Plot} block
 * @param {(name: string) => string} colour what a colour of the style sheet is
 */
export function colourScale(block, colour) {
  const values = rasterScale(block);
  if (!values) return null;
  const { low, high, diverging } = values;
  const scale = { domain: [low, (low + high) / 2, high], range: rasterColours(diverging).map(colour) };
  return { type: /** @type {const} */ ('linear'), interpolate: /** @type {const} */ ('lab'), ...scale };
}

/** The page's own colours, as they are at a node. @param {HTMLElement} node */
export const coloursAt = (node) => (/** @type {string} */ name) => {
  // Colours that mean values are kept where all others are the system's.
  node.style.forcedColorAdjust = 'none';
  node.style.color = `var(${name})`;
  const { color } = getComputedStyle(node);
  node.style.color = '';
  node.style.forcedColorAdjust = '';
  return color;
};

/** @param {{current: HTMLElement | null}} place */
export function useWidth(place) {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const node = place.current;
    if (!node) return;
    const measure = () => setWidth(Math.floor(node.clientWidth));
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
