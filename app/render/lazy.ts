/**
 * Pictures are drawn when the reader comes near them, since the program that draws them is as large as the rest of the
 * page; those that were not scrolled near, once the page has been idle for a while, or at once before it is printed.
 */

import { useEffect, useState } from 'preact/hooks';

/** The page rests when nothing new has come to it for so long. */
const REST = 5000;
/** How near: half a screen. */
const MARGIN = '50% 0px';

/** Callbacks for when everything has to be drawn. */
const far: Set<() => void> = new Set();
let rest: ReturnType<typeof setTimeout> | undefined;

/** Have everything drawn, however far it is. */
export function drawFar() {
  clearTimeout(rest);
  for (const come of [...far]) come();
}

/** One picture after another. */
function drawNext() {
  const [come] = far;
  if (!come) return;
  come();
  rest = setTimeout(drawNext, 200);
}

/** @returns whether the reader is, or has been, near a place */
export function useLazy(place: { current: Element | null }): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    const node = place.current;
    if (near || !node) return;
    const come = () => {
      far.delete(come);
      watch.disconnect();
      setNear(true);
    };
    const watch = new IntersectionObserver((seen) => seen.some(({ isIntersecting }) => isIntersecting) && come(), {
      rootMargin: MARGIN,
    });
    watch.observe(node);
    far.add(come);
    clearTimeout(rest);
    rest = setTimeout(drawNext, REST);
    return () => {
      far.delete(come);
      watch.disconnect();
    };
  }, []);
  return near;
}
