/** Bringing something nearer, and moving it, with two fingers. */

type Place = { clientX: number; clientY: number };

/**
 * Two fingers; one finger is the page's.
 * @param tell is told by how much they have come together, where their middle is, and how far it has moved, in pixels
 */
export function addPinch(
  node: HTMLElement,
  signal: AbortSignal,
  tell: (share: number, middle: Place, moved: { x: number; y: number }) => void,
) {
  let last: { apart: number; middle: Place } | null = null;
  const touched = (event: TouchEvent) => {
    const [one, other] = event.touches;
    if (!one || !other || event.touches.length !== 2) {
      last = null;
      return;
    }
    event.preventDefault();
    const apart = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    const middle = { clientX: (one.clientX + other.clientX) / 2, clientY: (one.clientY + other.clientY) / 2 };
    if (!last) {
      last = { apart, middle };
      return;
    }
    const moved = { x: middle.clientX - last.middle.clientX, y: middle.clientY - last.middle.clientY };
    // What trembles is not meant.
    if (!apart || (Math.abs(last.apart / apart - 1) <= 0.01 && Math.hypot(moved.x, moved.y) < 2)) return;
    const share = last.apart / apart;
    last = { apart, middle };
    tell(share, middle, moved);
  };
  for (const name of ['touchstart', 'touchmove'] as const) {
    node.addEventListener(name, touched, { signal, passive: false });
  }
  for (const name of ['touchend', 'touchcancel'] as const) node.addEventListener(name, touched, { signal });
}
