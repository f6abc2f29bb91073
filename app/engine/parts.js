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
import { get } from './get.js';

/**
 * Everything at once, from the first moment.
 * @param {PythonBuild} build
 * @param {Promise<WebAssembly.Module>} core
 * @param {(bytes: number) => void} arrived
 * @returns {Parts}
 */
export function fromNetwork(build, core, arrived) {
  const { base, snapshot } = build;
  const compile = async (/** @type {{file: string, bytes: number}} */ { file, bytes }) => {
    const module = await WebAssembly.compileStreaming(get(base + file));
    arrived(bytes);
    return module;
  };
  const counted = core.then((module) => {
    arrived(snapshot.core.bytes);
    return module;
  });
  const response = get(base + snapshot.file);
  const decoder = compile(snapshot.decoder);
  const sideModules = Promise.all(snapshot.sideModules.map(compile));
  const opened = Promise.all([response, decoder]).then(([response, decoder]) =>
    open(chunksOf(response, arrived), snapshot, decoder),
  );
  return unpacked(build, counted, sideModules, decoder, opened);
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
 * @param {Promise<WebAssembly.Module>} core
 * @param {Image} image
 * @param {Kept | null} kept
 * @returns {Parts}
 */
export function fromDevice(core, image, kept) {
  const sideModules = kept ? Promise.resolve(kept.sideModules) : compiled(image.sideModules());
  return {
    core,
    sideModules,
    header: Promise.resolve().then(() => parseHeader(image.head())),
    pages: { image },
    kept: async () => ({ core: await core, sideModules: await sideModules, snapshot: null }),
    image: () => Promise.reject(new Error('it is there already')),
  };
}

/** @param {import('./device.js').Stored} sideModules */
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
      const programs = snapshot.sideModules.map(async ({ file }) => {
        const response = await get(base + file);
        return new Uint8Array(await response.arrayBuffer());
      });
      return [...(await Promise.all(programs)), head, ...(await pages).frames];
    },
  };
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
