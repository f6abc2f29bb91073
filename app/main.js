/** Boot: read what the build wrote, start the engine, draw the page, follow the address. */

import { render } from 'preact';
import { createDrafts } from './drafts.js';
import { createEngine } from './engine/client.js';
import { plainJson } from './engine/protocol.js';
import schema from './generated/schema.json' with { type: 'json' };
import { asksForPython } from './link.js';
import { createPrepared } from './prepared.js';
import { createSession } from './session.js';
import { createStore, initialState } from './state.js';
import { html } from './ui/html.js';
import { Shell } from './ui/shell.js';
import { languageOf, speak } from './words.js';

/** @typedef {ReturnType<typeof import('./engine/spawn.js').createSpawner>} Spawner */

const labs = /** @type {import('./generated/types').Lab[]} */ (/** @type {unknown} */ (schema.labs));
/**
 * @typedef {object} Early what early.js has begun
 * @property {import('./engine/protocol').Build} build
 * @property {Storage | null} storage
 * @property {Spawner} spawner
 * @property {import('./embedding.js').Embedding | null} embedded
 */
/** @type {Early} */
const { build, storage, spawner, embedded } = /** @type {any} */ (globalThis).nablaEarly;
const page = location.href.replace(/#.*/, '');

const store = createStore(initialState(/** @type {import('./generated/types').Lab} */ (labs[0])));
const engine = createEngine({
  spawn: spawner.spawn,
  onNote: spawner.note,
  onStatus(engine) {
    store.update({ engine });
    if (engine.phase === 'ready' && !embedded) keepForOffline();
  },
});
const session = createSession({
  store,
  labs,
  engine,
  drafts: createDrafts(embedded ? null : storage),
  prepared: createPrepared(build.prepared, page),
  address: {
    read: () => location.hash,
    write: (hash, step) => history[step && !embedded ? 'pushState' : 'replaceState']({ own: true }, '', hash),
    own: () => Boolean(history.state?.own),
    absolute: (hash) => location.href.replace(/[?#].*/, '') + hash,
  },
});

let asked = false;
/** The files are on the line already once Python is there, so that keeping them does not delay the first answer. */
function keepForOffline() {
  if (asked || !('serviceWorker' in navigator)) return;
  asked = true;
  keep().catch((error) => {
    console.warn('Nabla: this browser keeps nothing for the time without a network.', error);
  });
}

async function keep() {
  await navigator.serviceWorker.register('sw.js');
  const { active } = await navigator.serviceWorker.ready;
  if (!spawner.quick()) active?.postMessage('ordinary start');
}

/** For the console and for tests: the answer as `Document.to_dict()` gives it in Python. */
async function run(/** @type {string} */ lab, /** @type {Record<string, string>} */ inputs) {
  const { text, numbers } = await engine.call({ method: 'run', args: [lab, JSON.stringify(inputs)], seconds: 60 });
  const reply = plainJson(text, numbers);
  if (reply.document) return reply.document;
  throw Object.assign(new Error(reply.error?.message ?? reply.crash.message), reply);
}
Object.assign(globalThis, { nabla: { run, stop: engine.stop, version: build.version } });

const language = languageOf(storage, navigator.languages);
await speak(language);
document.documentElement.lang = language;
const root = /** @type {HTMLElement} */ (document.getElementById('app'));
root.replaceChildren();
const Page = embedded ? (await import('./ui/embed.js')).Embed : Shell;
render(html`<${Page} session=${session} build=${build} storage=${storage} quick=${spawner.quick()} />`, root);

/** The Python cell is no lab; other pages show labs only. */
function follow() {
  if (!embedded && asksForPython(location.hash)) store.update({ place: 'python' });
  else session.follow();
}
addEventListener('hashchange', follow);
follow();
