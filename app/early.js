/**
 * Runs before anything is drawn and while the page's program is still on its way: puts on the chosen colours, so that
 * no others flash, and starts Python, so that it wakes up meanwhile.
 */

import { restoreTheme, wear } from './colours.js';
import { deviceStorage } from './drafts.js';
import { embedding } from './embedding.js';
import { createSpawner } from './engine/spawn.js';
import { asksForPython } from './link.js';

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
// The Python cell brings a Python of its own.
if (embedded || !asksForPython(location.hash)) spawner.ahead();
Object.assign(globalThis, { nablaEarly: { build, storage, spawner, embedded } });
