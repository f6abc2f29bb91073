/** What follows a point that is moved along its curve: the line that touches it there, and the points beside it. */

import type { Dots, Handle, Line, Plot } from '../../generated/types';
import { dashes, interpolate, paint } from './geometry.ts';
import { svgNode } from './svg_node.ts';

/** The handle whose tangent the page draws by itself. */
const touching = ({ handles }: Plot): Handle | undefined => handles.find(({ touches }) => touches?.length);

/** Whether a mark is drawn where the handle is, and not with the others: the tangent, and single points at the handle. */
export function followsHandle(plot: Plot, index: number): boolean {
  const handle = touching(plot);
  const mark = plot.marks[index];
  if (!handle || !mark) return false;
  return index === handle.touches?.[2] || (mark.mark === 'dots' && isBeside(mark, handle));
}

const isBeside = ({ x, when }: Dots, handle: Handle) => !when && x.length === 1 && x[0] === handle.x;

/** The tangent at x: its height there and its slope, from the curves as they were computed; null where it has none. */
export function tangentAt({ marks }: Plot, { touches }: Handle, x: number): { y: number; slope: number } | null {
  const [curve, slopes] = [marks[touches?.[0] ?? -1], marks[touches?.[1] ?? -1]] as (Line | undefined)[];
  if (!curve || !slopes) return null;
  const [y, slope] = [interpolate(curve.x, curve.y, x), interpolate(slopes.x, slopes.y, x)];
  return Number.isFinite(y) && Number.isFinite(slope) ? { y, slope } : null;
}

/** the handle, and what draws all that follows it for another x, in an attribute or two */
export type Following = { handle: Handle; show: (x: number) => void };

/**
 * Draws what follows the handle.
 * @param places the places left for it in the drawing, by the index of the mark
 * @returns null where nothing follows
 */
export function addFollowing(
  plot: Plot,
  drawn: Record<'x' | 'y', { apply: (value: number) => number }>,
  places: Map<number, SVGGElement>,
): Following | null {
  const handle = touching(plot);
  if (!handle) return null;
  const shows = [...places].map(([index, place]) => {
    const mark = plot.marks[index];
    return mark?.mark === 'line' ? tangent(place, mark) : point(place, mark as Dots);
  });
  const show = (x: number) => {
    for (const each of shows) each(x);
  };
  show(handle.x);
  return { handle, show };

  function tangent(place: SVGGElement, mark: Line) {
    const { x: ends } = mark;
    const path = svgNode('path', {
      fill: 'none',
      stroke: paint(mark.color),
      'stroke-width': 2,
      'stroke-dasharray': dashes(mark).strokeDasharray ?? 'none',
    });
    place.append(path);
    return (x: number) => {
      const found = x === handle?.x ? ofMark(x) : tangentAt(plot, handle as Handle, x);
      const at = (end: number) => found && `${drawn.x.apply(end)} ${drawn.y.apply(found.y + found.slope * (end - x))}`;
      path.setAttribute('d', found ? `M${at(Number(ends[0]))}L${at(Number(ends.at(-1)))}` : '');
    };

    /** As Python computed it. */
    function ofMark(x: number) {
      const [left, right] = [Number(ends[0]), Number(ends.at(-1))];
      const slope = (Number(mark.y.at(-1)) - Number(mark.y[0])) / (right - left);
      return { y: Number(mark.y[0]) + slope * (x - left), slope };
    }
  }

  /** A point on the curve of its colour. */
  function point(place: SVGGElement, { y, color }: Dots) {
    const circle = svgNode('circle', { r: 3.5, fill: paint(color), stroke: 'var(--paper)' });
    place.append(circle);
    const curve = plot.marks.find((mark) => mark.mark === 'line' && mark.color === color && !mark.dash) as
      | Line
      | undefined;
    return (x: number) => {
      const height = x === handle?.x || !curve ? Number(y[0]) : interpolate(curve.x, curve.y, x);
      circle.setAttribute('visibility', Number.isFinite(height) ? 'visible' : 'hidden');
      if (Number.isFinite(height))
        circle.setAttribute('transform', `translate(${drawn.x.apply(x)},${drawn.y.apply(height)})`);
    };
  }
}
