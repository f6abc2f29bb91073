/** Bringing something nearer with two fingers. */

/** Two fingers; one finger is the page's. */
export function addPinch(
  node: HTMLElement,
  signal: AbortSignal,
  tell: (share: number, middle: { clientX: number; clientY: number }) => void,
) {
  let apart: number | null = null;
  const touched = (event: TouchEvent) => {
    const [one, other] = event.touches;
    if (!one || !other || event.touches.length !== 2) {
      apart = null;
      return;
    }
    event.preventDefault();
    const now = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    const middle = { clientX: (one.clientX + other.clientX) / 2, clientY: (one.clientY + other.clientY) / 2 };
    if (apart && now && Math.abs(apart / now - 1) > 0.01) tell(apart / now, middle);
    apart = now;
  };
  for (const name of ['touchstart', 'touchmove'] as const) {
    node.addEventListener(name, touched, { signal, passive: false });
  }
}
