/**
 * Sees that the page has come whole. The only program whose name never changes: it is there when those that the page
 * names are gone, as right after each new version, while a cache still hands out the old page.
 */

import { newerLoads, whyMissing } from './page/newer.ts';

if (document.readyState === 'complete') look();
else addEventListener('load', look);

async function look() {
  const { nabla, nablaEarly } = globalThis as any;
  if ((nabla && nablaEarly) || (await newerLoads())) return;
  const note = document.createElement('p');
  note.className = 'note';
  note.setAttribute('role', 'alert');
  const again = document.createElement('button');
  again.textContent = 'Load it again';
  again.onclick = () => location.reload();
  note.append(await whyMissing(), ' ', again);
  document.getElementById('app')?.append(note);
}
