/** All that draws a plot and answers on it, in one piece that is loaded with the first plot. */

export { drawPlot } from './draw.ts';
export { addMoving, follow } from './moving.ts';
export { addPointer } from './pointer.ts';
