/**
 * Runs before anything is drawn and while the page's program is still on its way: puts on the chosen colours, so that
 * no others flash, and starts Python, so that it wakes up meanwhile.
 */

import { restoreTheme, wear } from './colours.js';
import { deviceStorage } from './drafts.js';
import { embedding } from './embedding.js';
import { createSpawner } from './engine/spawn.js';

const storage = deviceStorage();
const embedded = embedding(location.search);
if (embedded) {
  document.documentElement.dataset.embedded = '';
  wear(embedded.theme);
} else {
  restoreTheme(storage);
}
const build = JSON.parse(document.getElementById('build')?.textContent ?? '');
const spawner = createSpawner({ build, page: location.href.replace(/#.*/, ''), shelf: storage });
spawner.ahead();
// Every answer has formulas, and text moves when their fonts come late; the bare address shows the start page, whose
// program is on the line before anything asks for it.
for (const address of build.fonts) preload({ rel: 'preload', as: 'font', crossOrigin: '', href: address });
if (!embedded && /^#?\/?$/.test(location.hash)) {
  for (const address of build.start) preload({ rel: 'modulepreload', href: address });
}
Object.assign(globalThis, { nablaEarly: { build, storage, spawner, embedded } });

/** @param {Partial<HTMLLinkElement>} what */
function preload(what) {
  document.head.append(Object.assign(document.createElement('link'), what));
}
