/** Boot: read what the build wrote, start the engine, draw the page, follow the address. */

import { render } from 'preact';
import { createEngine } from './engine/client.ts';
import type { Build } from './engine/protocol.ts';
import { plainJson, written } from './engine/protocol.ts';
import schema from './generated/schema.json' with { type: 'json' };
import type { Lab } from './generated/types';
import { html } from './page/html.ts';
import { NEWER, newerThere } from './page/newer.ts';
import { yieldToBrowser } from './page/pause.ts';
import type { TextStorage } from './page/storage.ts';
import { drawn } from './render/draw_queue.ts';
import { fetchTex } from './render/formula/tex.ts';
import { drawFar } from './render/lazy.ts';
import { createPages } from './ui/pages.ts';
import { Shell } from './ui/shell.ts';
import { COMPARE } from './visit/compared.ts';
import { createDrafts } from './visit/drafts.ts';
import type { Embedding } from './visit/embedding.ts';
import { createVisitHistory } from './visit/history.ts';
import { pageOf } from './visit/link.ts';
import { PRACTICE } from './visit/practice.ts';
import { createPrepared } from './visit/prepared.ts';
import { createSession } from './visit/session.ts';
import { createStore, initialState } from './visit/state.ts';

export type Spawner = ReturnType<typeof import('./engine/spawn.ts').createSpawner>;

const labs = schema.labs as unknown as Lab[];
const asking = schema.ask as unknown as Lab;
/** what early.js has begun */
export interface Early {
  build: Build;
  storage: TextStorage | null;
  spawner: Spawner;
  embedded: Embedding | null;
}
const { build, storage, spawner, embedded }: Early = (globalThis as any).nablaEarly;
const page = location.href.replace(/#.*/, '');

const store = createStore(initialState(labs[0] as Lab));
const engine = createEngine({
  spawn: spawner.spawn,
  onNote: spawner.note,
  onLibrary(parts) {
    if (asked)
      keep(parts.filter((part) => part !== 'labs')).catch((error) =>
        console.warn('Nabla: SciPy could not be kept on this device.', error),
      );
  },
  onStatus(engine) {
    store.update({ engine });
    if (engine.phase === 'ready' && !embedded) keepForOffline();
    if (engine.phase === 'failed') sayNewer();
  },
});
let arrived = () => {};
/** Once the page stands on the screen for the first time. */
const there = new Promise((resolve) => (arrived = () => resolve(null)));
/** Elsewhere on the web an answer stands alone. */
const pages = createPages(
  embedded
    ? {}
    : {
        '/': () => import('./ui/start.ts'),
        '/help/syntax': () => import('./ui/syntax.ts'),
        '/about': () => import('./ui/about.ts'),
        '/python': () => import('./cell/page.ts'),
        [COMPARE]: () => import('./ui/compare.ts'),
        [PRACTICE]: () => import('./ui/practice.ts'),
      },
);
const visitHistory = createVisitHistory({ history, read: () => location.hash, still: embedded !== null });
const session = createSession({
  store,
  labs,
  asking,
  engine,
  drafts: createDrafts(embedded ? null : storage),
  prepared: createPrepared(build.prepared, page),
  pages: pages.addresses,
  drawn: () => there.then(() => drawn()),
  address: {
    read: () => location.hash,
    write: visitHistory.write,
    own: visitHistory.own,
    absolute: (hash) => location.href.replace(/[?#].*/, '') + hash,
  },
});

/** An old page whose Python is gone from the server needs no other cause. */
async function sayNewer() {
  const newer = await newerThere();
  const { engine } = store.get();
  if (newer && engine.phase === 'failed') store.update({ engine: { ...engine, cause: NEWER } });
}

let asked = false;
/** The files are on the line already once Python is there, so that keeping them does not delay the first answer. */
function keepForOffline() {
  if (asked || !('serviceWorker' in navigator)) return;
  asked = true;
  keep(spawner.quick() ? [] : ['library']).catch((error) => {
    console.warn('Nabla: this browser keeps nothing for the time without a network.', error);
  });
}

/** Have the site kept, and of what only some visits need these parts. */
async function keep(parts: string[]) {
  await navigator.serviceWorker.register('sw.js');
  const { active } = await navigator.serviceWorker.ready;
  for (const part of parts) active?.postMessage(part);
}

/** For the console and for tests: the answer as `Document.to_dict()` gives it in Python. */
async function run(lab: string, inputs: Record<string, string>) {
  const { text, numbers } = await engine.call({ method: 'run', args: [lab, JSON.stringify(inputs)], seconds: 60 });
  const reply = plainJson(text, numbers);
  if (reply.document) return reply.document;
  throw Object.assign(new Error(reply.error?.message ?? reply.crash.message), reply);
}
/** For the same: Python's own answer that the page shows, with arrays flat; null while there is none. */
function answer() {
  const { document, prepared, busy } = store.get();
  if (!document || prepared || busy) return null;
  return JSON.parse(JSON.stringify(document, (_, value) => (value instanceof Float64Array ? written(value) : value)));
}

/** Resolves once everything is drawn, however far from the reader; plots and graphs are begun then. */
async function drawAll() {
  await there;
  await drawn(true);
  drawFar();
}
Object.assign(globalThis, { nabla: { run, answer, drawAll, stop: engine.stop, version: build.version } });

const first = pageOf(location.hash, pages.addresses);
// Every answer has formulas. Whoever draws one is told when they do not come.
if (!first) fetchTex().catch(() => {});
// Evaluating this program, drawing the page and drawing an answer are three pieces of work, not one.
await yieldToBrowser();
// The first thing drawn is the page that was asked for; when it does not come, that is said where it should be.
await pages.fetch(first).catch(() => {});
// Browsers keep a page that has been left, for the way back, and all its memory with it.
addEventListener('pagehide', engine.rest);
addEventListener('pageshow', engine.wake);
addEventListener('hashchange', () => {
  // What a link leads to begins at its top; a step back leads to where one was.
  if (visitHistory.arrive()) scrollTo(0, 0);
  session.follow();
});
visitHistory.arrive();
// What the address asks for is read before anything is drawn: another form drawn first would jump.
await session.follow();
const root = document.getElementById('app') as HTMLElement;
const Page = embedded ? (await import('./ui/embed.ts')).Embed : Shell;
root.replaceChildren();
render(
  html`<${Page} session=${session} build=${build} storage=${storage} visitHistory=${visitHistory} quick=${spawner.quick()} pages=${pages} />`,
  root,
);
arrived();
if (!embedded) keepPastResults();

/** Past results are kept once there is a first one. */
async function keepPastResults() {
  try {
    await new Promise((resolve) => store.subscribe(() => store.get().document && resolve(null)));
    const record = (await import('./visit/past.ts')).recorder(session, storage, visitHistory.at);
    store.subscribe(record);
    record();
  } catch (error) {
    console.warn('Nabla: past results are not kept.', error);
  }
}
