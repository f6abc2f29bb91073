/** All that draws a plot and answers on it, in one piece that is loaded with the first plot. */

export { drawPlot } from './draw.js';
export { addMoving, follow } from './moving.js';
export { addPointer } from './pointer.js';
