/** The start page: one box for whatever somebody has, an answer to see what comes of it, and the gallery. */

import { decodeDocument } from '../engine/protocol.js';
import front from '../generated/front.json' with { type: 'json' };
import { encodeLink } from '../link.js';
import { Blocks } from '../render/document.js';
import { Prose } from '../render/prose.js';
import { say } from '../words.js';
import { Box } from './box.js';
import { Gallery } from './gallery.js';
import { html } from './html.js';

/** @typedef {import('./pages.js').PageProps} PageProps */

const answer = decodeDocument(/** @type {any} */ (front).document);
const at = { link: '#/derive' };

export const title = () => '';

/** @param {PageProps} props */
export function Page({ state, session }) {
  const lab = session.labs.find(({ name }) => name === answer.lab);
  if (lab && at.link === '#/derive') encodeLink(lab, answer.inputs).then((link) => (at.link = link));
  const open = (/** @type {Event} */ event) => {
    event.preventDefault();
    location.hash = at.link;
  };
  const apply = (/** @type {any} */ inputs) => {
    if (lab && typeof inputs === 'object') session.ask(lab, { ...answer.inputs, ...inputs }, { text: '', what: '' });
  };
  return html`<main id="answer" class="start" tabindex="-1" data-state="answered" aria-labelledby="headline">
    <section class="ask">
      <h1 id="headline">${say('See where a gradient, a fit or a descent comes from, every step checked')}</h1>
      <${Box} state=${state} session=${session} />
    </section>
    <section class="shown" aria-labelledby="shown">
      <header>
        <p class="eyebrow">${say('An answer, for example')}</p>
        <h2 id="shown">${say('Why is the derivative 16, when I get 8?')}</h2>
        <p class="of"><${Prose} text=${answer.title} /></p>
      </header>
      <div class="blocks"><${Blocks} blocks=${answer.blocks} apply=${apply} /></div>
      <p class="see-all"><a href=${at.link} onClick=${open}>${say('The whole answer, with every step, plots and programs')}</a></p>
    </section>
    <${Gallery} labs=${session.labs} />
  </main>`;
}
