/** A moment for whatever else the page has to do. */
export const yieldToBrowser: () => Promise<unknown> = () =>
  (globalThis as any).scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));
