/** The colours of surfaces, and what their scales say. No DOM. */

import type { Plot } from '../../generated/types';
import { contourLevels, contourRange, everyMark, rasterScale, shade } from './geometry.ts';

/** `stepped` when each colour has a part of its own, else they run into each other */
export type ColourBar = { label: string; low: number; high: number; colours: string[]; stepped: boolean };

/** The colours of a raster from low to high, by their names in the style sheet. */
export const rasterColours = (diverging: boolean) =>
  diverging ? ['--cold', '--paper', '--warm'] : ['--low', '--mid', '--high'];

/** The scales of a plot's colours: one for its rasters, one for each filled contour. */
export function colourBars(plot: Plot): ColourBar[] {
  const marks = everyMark(plot);
  const raster = marks.find((mark) => mark.mark === 'raster');
  const values = rasterScale(plot);
  const bars: ColourBar[] = [];
  if (raster && values) {
    const colours = rasterColours(values.diverging).map((name) => `var(${name})`);
    bars.push({ label: raster.label, low: values.low, high: values.high, colours, stepped: false });
  }
  for (const mark of marks.filter((mark) => mark.mark === 'contour')) {
    if (!mark.filled || bars.some(({ label }) => label === mark.label)) continue;
    const levels = contourLevels(plot, mark);
    const colours = levels.map((_, i) => shade(i / Math.max(1, levels.length - 1)));
    const [low = 0, high = 1] = contourRange(plot, mark);
    bars.push({ label: mark.label, low, high, colours, stepped: true });
  }
  return bars;
}

/** A scale as a background. */
export function gradient(colours: string[], stepped: boolean) {
  if (!stepped) return `linear-gradient(to right in lab, ${colours.join(', ')})`;
  const share = (place: number) => `${((100 * place) / colours.length).toFixed(2)}%`;
  return `linear-gradient(to right, ${colours.map((colour, i) => `${colour} ${share(i)} ${share(i + 1)}`).join(', ')})`;
}
