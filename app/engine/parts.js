/**
 * Where the parts of a quick start come from: the network, this device, or the worker before this one.
 *
 * @typedef {import('./container.js').Header} Header
 * @typedef {import('./protocol').PythonBuild} PythonBuild
 * @typedef {import('./protocol').Kept} Kept
 * @typedef {import('./device.js').Image} Image
 *
 * @typedef {{frames: Uint8Array[]} | {image: Image}} Pages unpacked and known to be right, each as it differs from what
 *   every instance begins with; or on this device, as they are in memory
 *
 * @typedef {object} Parts
 * @property {Promise<WebAssembly.Module>} core
 * @property {Promise<WebAssembly.Module[]>} sideModules
 * @property {Promise<Header>} header
 * @property {Pages | Promise<Pages>} pages of the snapshot
 * @property {() => Promise<Kept>} kept for the next worker of this page, once everything is there
 * @property {() => Promise<Uint8Array[]>} image for the next visit, once everything is there; unpacked
 */

import { open, parseHeader } from './container.js';

/** Nothing is wrong with the snapshot, only with the way to it. */
export class Unreachable extends Error {}

/**
 * Everything at once, from the first moment.
 * @param {PythonBuild} build
 * @param {(bytes: number) => void} arrived
 * @returns {Parts}
 */
export function fromNetwork(build, arrived) {
  const { base, snapshot } = build;
  const compile = async (/** @type {{file: string, bytes: number}} */ { file, bytes }) => {
    const module = await WebAssembly.compileStreaming(get(base + file));
    arrived(bytes);
    return module;
  };
  const core = compile(snapshot.core);
  const response = get(base + snapshot.file);
  const decoder = compile(snapshot.decoder);
  const sideModules = Promise.all(snapshot.sideModules.map(compile));
  const opened = Promise.all([response, decoder]).then(([response, decoder]) =>
    open(chunksOf(response, arrived), snapshot, decoder),
  );
  return unpacked(build, core, sideModules, decoder, opened);
}

/**
 * What the worker before this one fetched and compiled.
 * @param {PythonBuild} build
 * @param {Kept} kept
 * @param {NonNullable<Kept['snapshot']>} snapshot
 * @returns {Parts}
 */
export function fromWorker(build, { core, sideModules }, { decoder, packed }) {
  const opened = open([packed], build.snapshot, decoder);
  return unpacked(build, Promise.resolve(core), Promise.resolve(sideModules), Promise.resolve(decoder), opened);
}

/**
 * What an earlier visit left, as far as no worker of this page has compiled it already.
 * @param {Image} image
 * @param {Kept | null} kept
 * @returns {Parts}
 */
export function fromDevice(image, kept) {
  const programs = kept ? Promise.resolve([kept.core, ...kept.sideModules]) : compiled(image.programs());
  const parts = {
    core: programs.then(([core]) => /** @type {WebAssembly.Module} */ (core)),
    sideModules: programs.then((all) => all.slice(1)),
    header: Promise.resolve().then(() => parseHeader(image.head())),
    pages: { image },
  };
  return {
    ...parts,
    kept: async () => ({ core: await parts.core, sideModules: await parts.sideModules, snapshot: null }),
    image: () => Promise.reject(new Error('it is there already')),
  };
}

/** @param {import('./device.js').Stored} programs */
async function compiled({ parts, sound }) {
  const compile = (/** @type {any} */ bytes) => WebAssembly.compile(bytes);
  const [modules] = await Promise.all([Promise.all(parts.map(compile)), sound]);
  return modules;
}

/**
 * @param {PythonBuild} build
 * @param {Promise<WebAssembly.Module>} core
 * @param {Promise<WebAssembly.Module[]>} sideModules
 * @param {Promise<WebAssembly.Module>} decoder
 * @param {Promise<import('./container.js').Snapshot>} opened
 * @returns {Parts}
 */
function unpacked({ base, snapshot }, core, sideModules, decoder, opened) {
  const pages = opened.then(async ({ frames }) => ({ frames: await frames }));
  return {
    core,
    sideModules,
    header: opened.then(({ header }) => header),
    pages,
    async kept() {
      const { packed } = await opened;
      return { core: await core, sideModules: await sideModules, snapshot: { decoder: await decoder, packed } };
    },
    async image() {
      const { head } = await opened;
      const programs = [snapshot.core, ...snapshot.sideModules].map(async ({ file }) => {
        const response = await get(base + file);
        return new Uint8Array(await response.arrayBuffer());
      });
      return [...(await Promise.all(programs)), head, ...(await pages).frames];
    },
  };
}

/** @param {string} address */
async function get(address) {
  try {
    const response = await fetch(address);
    if (response.ok) return response;
    throw new Error(`${address} could not be fetched: ${response.status} ${response.statusText}`);
  } catch (error) {
    // In WebKit no service worker stands between this worker and the network.
    const kept = await self.caches?.match(address).catch(() => undefined);
    if (kept) return kept;
    if (error instanceof TypeError) throw new Unreachable(`${address} cannot be reached`, { cause: error });
    throw error;
  }
}

/** @param {Response} response @param {(bytes: number) => void} arrived */
async function* chunksOf(response, arrived) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    arrived(value.length);
    yield value;
  }
}
