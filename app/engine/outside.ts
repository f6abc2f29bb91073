/**
 * What this worker asks of the world outside, held here from the beginning: once the wall is up (`wall.ts`), the global
 * object has none of it, and what runs in Python has no name that leads here.
 */

export const outside = {
  fetch: self.fetch.bind(self),
  caches: self.caches as CacheStorage | undefined,
  storage: navigator.storage,
};
