/**
 * The sandbox's origin is its own, so the site's files are foreign to it, and a static host need not let foreigners
 * read them. The page reads them instead and hands over the bytes; here that looks like fetching.
 */

import { outside } from '../engine/outside.ts';

const TYPES: Record<string, string> = { wasm: 'application/wasm', json: 'application/json', mjs: 'text/javascript' };

/** Let `fetch` of addresses below `base` ask the page. */
export function fetchThroughPage(
  base: string,
  want: (path: string) => void,
): { arrived: (path: string, bytes: ArrayBuffer | null, cause: string) => void } {
  const waiting: Map<string, { resolve: (bytes: ArrayBuffer) => void; reject: (error: Error) => void }[]> = new Map();
  const original = self.fetch;

  const bytesOf = (path: string): Promise<ArrayBuffer> =>
    new Promise((resolve, reject) => {
      const others = waiting.get(path);
      waiting.set(path, [...(others ?? []), { resolve, reject }]);
      if (!others) want(path);
    });

  // Pyodide's own loader asks the global function, the snapshot's the one that was held before.
  outside.fetch = self.fetch = async (resource, options) => {
    const address = resource instanceof Request ? resource.url : String(resource);
    if (!address.startsWith(base)) return original(resource, options);
    const path = address.slice(base.length);
    const bytes = await bytesOf(path);
    return new Response(bytes, {
      headers: { 'Content-Type': TYPES[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream' },
    });
  };

  return {
    arrived(path, bytes, cause) {
      const asked = waiting.get(path) ?? [];
      waiting.delete(path);
      for (const { resolve, reject } of asked) {
        if (bytes) resolve(asked.length > 1 ? bytes.slice(0) : bytes);
        else reject(new TypeError(`${path} could not be fetched: ${cause}`));
      }
    },
  };
}
