/** Where the parts of a quick start come from: the network, this device, or the worker before this one. */

import type { Header, Snapshot } from './container.ts';
import { open, parseHeader } from './container.ts';
import type { Image, Stored } from './device.ts';
import { get } from './get.ts';
import type { Kept, PythonBuild } from './protocol.ts';

/**
 * unpacked and known to be right, each as it differs from what every instance begins with; or on this device, as they are in memory
 */
export type Pages = { frames: Uint8Array[] } | { image: Image };

export interface Parts {
  core: Promise<WebAssembly.Module>;
  sideModules: Promise<WebAssembly.Module[]>;
  header: Promise<Header>;
  /** of the snapshot */
  pages: Pages | Promise<Pages>;
  /** for the next worker of this page, once everything is there */
  kept: () => Promise<Kept>;
  /** for the next visit, once everything is there; unpacked */
  image: () => Promise<Uint8Array[]>;
}

/** Everything at once, from the first moment. */
export function fromNetwork(
  build: PythonBuild,
  core: Promise<WebAssembly.Module>,
  arrived: (bytes: number) => void,
): Parts {
  const { base, snapshot } = build;
  const compile = async ({ file, bytes }: { file: string; bytes: number }) => {
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

/** What the worker before this one fetched and compiled. */
export function fromWorker(
  build: PythonBuild,
  { core, sideModules }: Kept,
  { decoder, packed }: NonNullable<Kept['snapshot']>,
): Parts {
  const opened = open([packed], build.snapshot, decoder);
  return unpacked(build, Promise.resolve(core), Promise.resolve(sideModules), Promise.resolve(decoder), opened);
}

/** What an earlier visit left, as far as no worker of this page has compiled it already. */
export function fromDevice(core: Promise<WebAssembly.Module>, image: Image, kept: Kept | null): Parts {
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

async function compiled({ parts, sound }: Stored) {
  const compile = (bytes: any) => WebAssembly.compile(bytes);
  const [modules] = await Promise.all([Promise.all(parts.map(compile)), sound]);
  return modules;
}

function unpacked(
  { base, snapshot }: PythonBuild,
  core: Promise<WebAssembly.Module>,
  sideModules: Promise<WebAssembly.Module[]>,
  decoder: Promise<WebAssembly.Module>,
  opened: Promise<Snapshot>,
): Parts {
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

async function* chunksOf(response: Response, arrived: (bytes: number) => void) {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    arrived(value.length);
    yield value;
  }
}
