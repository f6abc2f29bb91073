/**
 * The service worker: after one visit the page works without a network.
 *
 * It keeps the files of its version of the site, verified by hash when they come and each time they are used. What only
 * some visits need, more than half of the site, is kept once the page says so. A page names its files by
 * their content, so a newer page under an older worker never mixes versions: what this worker does not know comes from
 * the network. A newer worker takes over when the last page of the older one is closed.
 *
 * Responses are kept and handed on as they came: with a copy, the browser would not keep the code it compiled.
 */

/**
 * What the build puts in: the SHA-256 in hex of each file by its path, and which of them are kept only when the page
 * names what they are for.
 * @type {{version: string, later: Record<string, string[]>, files: Record<string, string>}}
 */
const site = /* build:site */ { version: '', later: {}, files: {} };

/** How long a page may take from the network before the kept one is shown. */
const PATIENCE = 3000;
const PREFIX = `nabla ${new URL('.', self.location.href).pathname} `;
const NAME = PREFIX + site.version;
const worker = /** @type {any} */ (self);
/** Whether the network has brought the last page. */
let reached = false;

worker.addEventListener('install', (/** @type {any} */ event) => event.waitUntil(install()));
worker.addEventListener('message', (/** @type {any} */ event) => {
  event.waitUntil(keep(new Map(Object.entries(site.later)).get(event.data) ?? []));
});
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(activate()));
worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { request } = event;
  const path = pathOf(request.url);
  if (request.method !== 'GET' || path === null) return;
  if (request.mode === 'navigate')
    event.respondWith(site.files[fileOf(path)] ? page(event, fileOf(path)) : ahead(event));
  else if (path.endsWith('.wasm')) {
    if (!reached) event.respondWith(wasm(request, path));
  } else if (site.files[path]) event.respondWith(kept(path));
});

/** Where a file lies in the site, null when it is not of the site. @param {string} address */
function pathOf(address) {
  const home = new URL('.', self.location.href).href;
  return address.startsWith(home) ? address.slice(home.length).replace(/[?#].*/, '') : null;
}

/** The file that is shown at a path. @param {string} path */
const fileOf = (path) => (path === '' || path.endsWith('/') ? `${path}index.html` : path);

async function install() {
  const later = new Set(Object.values(site.later).flat());
  try {
    await keep(Object.keys(site.files).filter((path) => !later.has(path)));
  } catch (error) {
    // Half a site is of no use without a network and takes the room of others; the next visit tries again.
    await caches.delete(NAME);
    throw error;
  }
}

/** Fetch what no earlier version has already brought. @param {string[]} paths */
async function keep(paths) {
  const cache = await caches.open(NAME);
  for (const path of paths) {
    if (!(await verified(await cache.match(path), path))) await cache.put(path, await fetched(path));
  }
}

/** @param {string} path */
async function fetched(path) {
  const old = await verified(await caches.match(path).catch(() => undefined), path);
  if (old) return old;
  for (const cache of /** @type {RequestCache[]} */ (['default', 'reload'])) {
    const response = await fetch(path, { cache });
    const sound = response.ok && (await verified(response, path));
    if (sound) return sound;
  }
  throw new Error(`${path} does not have the content that this version of the page was built with`);
}

async function activate() {
  await worker.registration.navigationPreload?.enable();
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== NAME) await caches.delete(name);
  }
}

/**
 * The response when its bytes are right, null otherwise.
 * @param {Response | undefined} response
 * @param {string} path
 */
async function verified(response, path) {
  if (!response) return null;
  const bytes = await response.clone().arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex === site.files[path] ? response : null;
}

/** A file of this version, mended when the kept one is broken. @param {string} path */
async function kept(path) {
  // Asked for by the name, not opened: what the visitor has erased is not made anew.
  const find = () => caches.match(path, { cacheName: NAME }).catch(() => undefined);
  // Asked for twice, because the one that is read for its hash is a copy then.
  const [read, sound] = await Promise.all([find(), find()]);
  if (sound && (await verified(read, path))) return sound;
  const response = await fetched(path);
  try {
    if (await caches.has(NAME)) await (await caches.open(NAME)).put(path, response.clone());
  } catch (error) {
    console.warn(`Nabla: ${path} could not be kept on this device.`, error);
  }
  return response;
}

/** A page from the network, which the browser may have asked for while this worker was waking up. @param {any} event */
const ahead = async (event) => (await event.preloadResponse) ?? fetch(event.request);

/**
 * The newest page that comes in time; the kept one otherwise.
 * @param {any} event
 * @param {string} path
 */
async function page(event, path) {
  reached = false;
  try {
    const late = new Promise((_, reject) => setTimeout(reject, PATIENCE, new Error('it takes too long')));
    const response = await Promise.race([ahead(event), late]);
    reached = response.ok;
    if (reached) return response;
  } catch (error) {
    console.warn('Nabla: the network is away; the page comes from this device.', error);
  }
  return kept(path);
}

/**
 * The browser keeps what it compiles of WebAssembly only where this worker does not stand between; where nobody knows
 * whether the network is there, it does.
 * @param {Request} request
 * @param {string} path
 */
async function wasm(request, path) {
  try {
    return await fetch(request);
  } catch (error) {
    if (site.files[path]) return kept(path);
    throw error;
  }
}
