/** Under the empty box: what this is for, an example of an answer, and the gallery. */

import { useEffect, useState } from 'preact/hooks';
import { decodeDocument } from '../engine/protocol.ts';
import front from '../generated/front.json' with { type: 'json' };
import { html } from '../page/html.ts';
import { memo } from '../page/memo.ts';
import { Blocks } from '../render/document.ts';
import { useDrawQueue } from '../render/draw_queue.ts';
import { Prose } from '../render/formula/prose.ts';
import { encodeLink } from '../visit/link.ts';
import { Gallery } from './gallery.ts';
import type { PageProps } from './pages.ts';

const answer = decodeDocument((front as any).document);

export const title = '';

export const Page = ({
  session,
}: PageProps) => html`<main id="answer" class="start" tabindex="-1" data-state="answered" aria-labelledby="headline">
  <h1 id="headline">See where a gradient, a fit or a descent comes from, every step checked</h1>
  <${Shown} session=${session} />
  <${Gallery} labs=${session.labs} />
</main>`;

const Shown = memo(({ session }: { session: PageProps['session'] }) => {
  const lab = session.labs.find(({ name }) => name === answer.lab);
  const [link, setLink] = useState('#/derive');
  useEffect(() => {
    if (lab) encodeLink(lab, answer.inputs).then(setLink);
  }, []);
  const apply = (inputs: any) => {
    if (lab && typeof inputs === 'object') session.ask(lab, { ...answer.inputs, ...inputs });
  };
  if (!useDrawQueue()) return html`<section class="shown" data-later></section>`;
  return html`<section class="shown" aria-labelledby="shown">
    <header>
      <p class="eyebrow">An answer, for example</p>
      <h2 id="shown">Why is the derivative 16, when I get 8?</h2>
      <p class="of"><${Prose} text=${answer.title} /></p>
    </header>
    <p class="sentence"><${Prose} text=${answer.answer?.tex ?? ''} /></p>
    <div class="blocks"><${Blocks} blocks=${answer.blocks} apply=${apply} /></div>
    <p class="see-all"><a href=${link}>The whole answer, with every step, plots and programs</a></p>
  </section>`;
});
