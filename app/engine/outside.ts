/**
 * What this worker asks of the world outside, held here from the beginning: once the wall is up (`wall.ts`), the global
 * object has none of it, and what runs in Python has no name that leads here.
 */

export const outside = {
  fetch: self.fetch.bind(self) as typeof self.fetch,
  caches: cachesOfThisOrigin(),
  storage: navigator.storage,
};

/** None in the sandbox: some browsers throw when an origin of its own asks for them. */
function cachesOfThisOrigin(): CacheStorage | undefined {
  try {
    return self.caches;
  } catch {
    return undefined;
  }
}
