/** The page inside of another one: the answer, what is wrong, how far Python is, and the way out. */

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Build } from '../engine/protocol.ts';
import { html } from '../page/html.ts';
import { tellHeight } from '../visit/embedding.ts';
import type { Session } from '../visit/session.ts';
import { Answer } from './answer.ts';
import { EngineLine } from './engine_line.ts';
import { preparePaper } from './paper.ts';

export function Embed({ session, build }: { session: Session; build: Build }) {
  const [state, setState] = useState(session.store.get());
  const node = useRef(null as HTMLElement | null);
  useLayoutEffect(() => {
    const follow = () => setState(session.store.get());
    follow();
    return session.store.subscribe(follow);
  }, [session]);
  useEffect(() => {
    if (node.current) tellHeight(node.current);
  }, []);
  useEffect(preparePaper, []);
  useEffect(() => {
    document.title = state.document ? `${state.lab.title} · Nabla` : 'Nabla';
  }, [state.document, state.lab]);
  const { engine } = state;
  // An example of the lab has no inputs of its own in its address; the way out must lead to the same question.
  const address = session.absolute(state.link || `#/${state.lab.name}`);
  return html`<div class="embed" ref=${node}>
    <${Answer} state=${state} session=${session} build=${build} />
    <footer>
      ${engine.phase === 'starting' || engine.phase === 'failed' ? html`<${EngineLine} engine=${engine} retry=${session.retry} />` : html`<span></span>`}
      <a href=${address} target="_blank" rel="noopener">Open in Nabla</a>
    </footer>
    <p class="unseen" role="status" aria-live="polite">${state.said}</p>
  </div>`;
}
