/**
 * Runs before anything is drawn and while the page's program is still on its way: puts on the chosen colours, so that
 * no others flash, and has what is needed first brought first: where the build knows what will be shown, that; where
 * Python has to work it out, Python, so that it wakes up meanwhile.
 */

import { createSpawner } from './engine/spawn.ts';
import { applyTheme, restoreTheme } from './page/colours.ts';
import { deviceStorage } from './page/storage.ts';
import { embedding } from './visit/embedding.ts';
import { asksForPython } from './visit/link.ts';
import { shortened } from './visit/prepared.ts';

const storage = deviceStorage();
const embedded = embedding(location.search);
if (embedded) {
  document.documentElement.dataset.embedded = '';
  applyTheme(embedded.theme);
} else {
  restoreTheme(storage);
}
const build = JSON.parse(document.getElementById('build')?.textContent ?? '');
const spawner = createSpawner({ build, page: location.href.replace(/#.*/, ''), storage });
const start = !embedded && /^#?\/?$/.test(location.hash);
const answer = build.prepared[shortened(askedFor())];
if (start) for (const address of build.start) preload({ rel: 'modulepreload', href: address });
if (answer) preload({ rel: 'preload', as: 'fetch', crossOrigin: '', href: answer });
// Every answer has formulas, and text moves when their fonts come late.
for (const address of build.fonts) preload({ rel: 'preload', as: 'font', crossOrigin: '', href: address });
// The Python cell brings a Python of its own.
if (!start && !answer && (embedded || !asksForPython(location.hash))) spawner.ahead();
Object.assign(globalThis, { nablaEarly: { build, storage, spawner, embedded } });

function preload(what: Partial<HTMLLinkElement>) {
  document.head.append(Object.assign(document.createElement('link'), what));
}

/** What a plain link asks for, as prepared.js names it; of any other link, nothing that is prepared. */
function askedFor() {
  const [, lab, inputs = ''] = /^#\/(\w+)\?(.+)$/.exec(location.hash) ?? [];
  try {
    const given = inputs.split('&').map((part) => {
      const [name = '', text = ''] = part.split(/=(.*)/s);
      return [name, decodeURIComponent(text)];
    });
    return JSON.stringify([lab, given.sort(([a = ''], [b = '']) => (a < b ? -1 : 1))]);
  } catch {
    return '';
  }
}
