/** Everything that this page keeps on the device, erased. */

import { ERASURES } from '../engine/erasures.ts';
import { folderOf, prefixOf } from '../page/storage.ts';

/** So long a file may still be in the hands of a thread that writes it. */
const HELD = 3000; // ms

/**
 * @param page the address of the page
 * @returns what could not be erased, in the browser's words
 */
export async function eraseEverything(page: string): Promise<string[]> {
  const path = folderOf(page);
  const channel = new BroadcastChannel(ERASURES);
  channel.postMessage(path);
  channel.close();
  const erased = await Promise.allSettled([eraseShelves(path), eraseCaches(path), eraseFiles(path), endWorker(page)]);
  return erased.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
}

/** Drafts, past results, colours; those of earlier versions too. Other pages of the same origin keep theirs. */
async function eraseShelves(path: string) {
  for (const storage of [localStorage, sessionStorage]) {
    for (const key of Object.keys(storage))
      if (key.startsWith(prefixOf(path)) || key.startsWith('nabla.')) storage.removeItem(key);
  }
}

/** The files for the time without a network; sw.js gives its caches these names. */
async function eraseCaches(path: string) {
  if (!('caches' in globalThis)) return;
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(prefixOf(path))).map((name) => caches.delete(name)));
}

/** What quick starts read; engine/device.js names the folder by where Python lies. */
async function eraseFiles(path: string) {
  if (!navigator.storage?.getDirectory) return;
  const root = (await navigator.storage.getDirectory()) as any;
  const names = [];
  for await (const name of root.keys()) {
    if (name.startsWith('nabla ') && decodeURIComponent(name.slice(6)).startsWith(path)) names.push(name);
  }
  for (const name of names) await removed(root, name);
}

async function removed(root: any, name: string) {
  const until = performance.now() + HELD;
  for (;;) {
    try {
      return await root.removeEntry(name, { recursive: true });
    } catch (error) {
      const held = (error as Error).name === 'NoModificationAllowedError';
      if (!held || performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function endWorker(page: string) {
  if (!('serviceWorker' in navigator)) return;
  const registration = await navigator.serviceWorker.getRegistration(page);
  await registration?.unregister();
}
