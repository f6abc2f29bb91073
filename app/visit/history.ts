/**
 * The steps of the visit in the browser's own history: where one can go back and forth inside of the same lab.
 *
 * Each step says at which place of the visit it stands, and whether it is a change of the one before. Back and Forward
 * of the browser do the same as Undo and Redo, and more: they also leave a lab.
 */

export type Step = { own?: boolean; at?: number; undo?: boolean };

export type VisitHistory = ReturnType<typeof createVisitHistory>;

const labOf = (hash: string) => hash.replace(/\?.*/, '');

export function createVisitHistory({
  history,
  read,
  still,
}: {
  history: Pick<History, 'pushState' | 'replaceState' | 'state' | 'back' | 'forward'>;
  /** the address now */ read: () => string;
  /** whether no step may be added, as inside of another page */ still: boolean;
}) {
  /** Which steps are changes of the one before, as far as this page has seen them. */
  const seen: Map<number, boolean> = new Map();
  let last = 0;

  const now = (): Step & { at: number } => ({ at: 0, ...history.state });

  return {
    /** @param step as a step of its own, or over the present one */
    write(hash: string, step: boolean) {
      const { at, undo = false } = now();
      if (!step || still) return history.replaceState({ own: true, at, undo }, '', hash);
      const next = { own: true, at: at + 1, undo: labOf(hash) === labOf(read()) };
      history.pushState(next, '', hash);
      // What was ahead is gone.
      for (const place of seen.keys()) if (place > next.at) seen.delete(place);
      seen.set(next.at, next.undo);
      last = next.at;
    },
    /** Whether the present step was made by this page. */
    own: () => Boolean(history.state?.own),
    /** The address has changed. @returns whether a link was followed, rather than a known step taken again */
    arrive(): boolean {
      const known = history.state?.at !== undefined;
      if (known) {
        last = now().at;
        seen.set(last, now().undo ?? false);
      } else {
        for (const place of seen.keys()) if (place > last) seen.delete(place);
        last++;
        seen.set(last, false);
        history.replaceState({ ...history.state, at: last, undo: false }, '', read());
      }
      return !known;
    },
    at: () => now().at,
    canUndo: () => now().undo === true,
    canRedo: () => seen.get(now().at + 1) === true,
    undo: () => history.back(),
    redo: () => history.forward(),
  };
}
