/** An answer that the reader tries first, as a link of a teacher asks: a field, what is said of it, and the answer behind a button. */

import { useId, useState } from 'preact/hooks';
import type { Block } from '../generated/types';
import { html } from '../page/html.ts';
import { Blocks } from '../render/document.ts';
import type { Session } from '../visit/session.ts';
import type { State } from '../visit/state.ts';
import { formOf } from '../visit/state.ts';
import { answerOf, ofClaim } from './judging.ts';

const WORDS: Record<string, string> = {
  right: 'That is right.',
  wrong: 'That is not right.',
  undecided: 'That could not be compared.',
};

export function Withheld({ state, session }: { state: State; session: Session }) {
  const id = useId();
  const [typed, setTyped] = useState('');
  const [said, setSaid] = useState('');
  const [blocks, setBlocks] = useState([] as Block[]);
  const form = formOf(state, session.labs, session.asking);
  const judges = form?.lab.fields.some(({ name }) => name === 'claim');
  const check = async (event: Event) => {
    event.preventDefault();
    if (!form || !typed.trim()) return;
    try {
      const { values, blocks } = await answerOf(session, form.lab.name, { ...form.inputs, claim: typed });
      setSaid(WORDS[(values.claim as any)?.verdict] ?? WORDS.undecided ?? '');
      setBlocks(ofClaim(blocks));
    } catch (error) {
      setSaid((error as Error).message);
      setBlocks([]);
    }
  };
  return html`<section class="withheld" aria-label="Your turn">
    <h1>Try it first</h1>
    ${
      judges
        ? html`<form class="asked" onSubmit=${check} autocomplete="off" novalidate>
      <div class="asked-row">
        <label for=${id}>Your answer</label>
        <input id=${id} type="text" value=${typed} autocapitalize="off" spellcheck=${false} aria-describedby=${`${id}-said`}
          onInput=${(event: any) => setTyped(event.currentTarget.value)} />
        <button type="submit" class="primary">Check</button>
      </div>
      <div id=${`${id}-said`} role="status">${blocks.length > 0 ? html`<${Blocks} blocks=${blocks} apply=${() => {}} />` : said && html`<p>${said}</p>`}</div>
    </form>`
        : html`<p>Whoever sent this link wants you to work it out before you look.</p>`
    }
    <button type="button" onClick=${() => session.look(state.depth)}>Show the answer</button>
  </section>`;
}
