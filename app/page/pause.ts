/** A moment for whatever else the page has to do. */
export const yieldToBrowser: () => Promise<unknown> = () =>
  (globalThis as any).scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));

/** Resolves when something is done, or when this time is over. */
export async function within(time: number, work: Promise<unknown>) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, time)))]);
  clearTimeout(timer);
}
