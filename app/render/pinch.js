/** Bringing something nearer with two fingers. */

/**
 * Two fingers; one finger is the page's.
 * @param {HTMLElement} node
 * @param {AbortSignal} signal
 * @param {(share: number, middle: {clientX: number, clientY: number}) => void} tell
 */
export function addPinch(node, signal, tell) {
  /** @type {number | null} */
  let apart = null;
  /** @param {TouchEvent} event */
  const touched = (event) => {
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
  for (const name of /** @type {const} */ (['touchstart', 'touchmove'])) {
    node.addEventListener(name, touched, { signal, passive: false });
  }
}
