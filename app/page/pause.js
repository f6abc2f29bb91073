/** A moment for whatever else the page has to do. @type {() => Promise<unknown>} */
export const breath = () =>
  /** @type {any} */ (globalThis).scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));
