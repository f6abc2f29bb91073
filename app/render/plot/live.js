/** All that draws a plot and answers on it, in one piece that is loaded with the first plot. */

export { drawPlot } from './plot_draw.js';
export { addMoving, follow } from './plot_moving.js';
export { addPointer } from './plot_pointer.js';
