/** The gallery: questions as people ask them, by lab; each opens its answer. */

import { useId, useState } from 'preact/hooks';
import examples from '../generated/gallery.json' with { type: 'json' };
import type { Lab } from '../generated/types';
import { html } from '../page/html.ts';
import { memo } from '../page/memo.ts';
import { useDrawQueue } from '../render/draw_queue.ts';
import { Prose } from '../render/formula/prose.ts';

export type Example = { name: string; question: string; answer: string; lab: string; link: string };

/** The questions that this page began with stand first, whatever their lab. */
const FIRST = 6;
export const EXAMPLES = examples as Example[];

export const Gallery = memo(({ labs }: { labs: Lab[] }) => {
  const id = useId();
  const [lab, setLab] = useState('');
  const [words, setWords] = useState('');
  const ours = useDrawQueue();
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (example: Example) => {
    const text = `${example.question} ${example.answer}`.toLowerCase();
    return (!lab || example.lab === lab) && wanted.every((word) => text.includes(word));
  };
  const found = EXAMPLES.filter(fits);
  const first = lab || wanted.length ? [] : found.slice(0, FIRST);
  const groups = [
    { name: 'first', title: 'Six that come up again and again', summary: '', examples: first },
    ...labs.map(({ name, title, summary }) => ({
      name,
      title,
      summary,
      examples: found.filter((example) => example.lab === name && !first.includes(example)),
    })),
  ].filter(({ examples }) => examples.length > 0);
  const kinds = [{ name: '', title: 'All' }, ...labs.map(({ name, title }) => ({ name, title }))];
  if (!ours) return html`<section class="gallery" data-later></section>`;
  return html`<section class="gallery" aria-labelledby="gallery">
    <header>
      <h2 id="gallery">Questions that are answered here</h2>
      <div class="filter">
        <div class="choices" role="group" aria-label="Questions of one lab">
          ${kinds.map(
            ({ name, title }) =>
              html`<button type="button" class="chip" aria-pressed=${lab === name} onClick=${() => setLab(name)}>${title}</button>`,
          )}
        </div>
        <div class="search">
          <label class="unseen" for=${id}>Search the questions</label>
          <input type="search" id=${id} value=${words} placeholder="Search the questions"
            onInput=${(event: any) => setWords(event.currentTarget.value)} />
        </div>
      </div>
      <p class="unseen" role="status">${found.length} questions</p>
    </header>
    ${found.length === 0 && html`<p class="empty">None of the questions has these words.</p>`}
    ${groups.map(
      ({
        name,
        title,
        summary,
        examples,
      }) => html`<section class="group" aria-labelledby=${`gallery-${name}`} key=${name}>
        <h3 id=${`gallery-${name}`}>${title} ${summary && html`<span>${summary} <a href=${`#/${name}`}>Open ${title}</a></span>`}</h3>
        <${Cards} examples=${examples} />
      </section>`,
    )}
  </section>`;
});

function Cards({ examples }: { examples: Example[] }) {
  if (!useDrawQueue()) return html`<ul class="cards" data-later></ul>`;
  return html`<ul class="cards">${examples.map((example) => html`<${Card} key=${example.name} example=${example} />`)}</ul>`;
}

/** The picture is that of the question's own page. */
const Card = ({ example }: { example: Example }) => html`<li class="card">
  <img src=${`q/${example.name}/card.svg`} width="240" height="150" loading="lazy" decoding="async" alt="" />
  <h4><a href=${example.link}>${example.question}</a></h4>
  <p><${Prose} text=${example.answer} /></p>
</li>`;
