/** The link to what is on the page, with its length and where that is too much; the system's own way; a frame. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { CopyButton } from '../page/copy.ts';
import { html } from '../page/html.ts';
import { proseText } from '../render/formula/tex_text.ts';
import { compareLink } from '../visit/compared.ts';
import { leftOut, triedLink } from '../visit/link.ts';
import { tooSmall } from '../visit/link_limits.ts';
import type { Session } from '../visit/session.ts';
import type { State } from '../visit/state.ts';
import { embedCode } from './embed_code.ts';

export function SharePanel({ id, state, session }: { id: string; state: State; session: Session }) {
  const field = useRef(null as HTMLInputElement | null);
  const link = session.absolute(state.link || '#/');
  const title = proseText(state.document?.title ?? state.lab.title);
  useEffect(() => field.current?.focus(), []);
  return html`
    <label for=${`${id}-link`}>Link to this question <span class="bytes">${link.length.toLocaleString()} characters</span></label>
    <input id=${`${id}-link`} ref=${field} readonly value=${link} onFocus=${(event: any) => event.currentTarget.select()} />
    <div class="share-ways">
      <${CopyButton} text=${link} what="the link" label="Copy the link" />
      ${canSend(link) && html`<${SendButton} link=${link} title=${title} />`}
    </div>
    <p>${told(state, link.length)}</p>
    <div class="share-ways">
      <${CopyButton} text=${session.absolute(triedLink(state.link || '#/'))} what="a link that asks first" label="Copy a link that asks first" />
      <a href=${compareLink(state.link, '')}>Compare with another</a>
    </div>
    <p>The link that asks first keeps the answer back until the reader has tried.</p>
    <${Frame} id=${id} link=${link} title=${title} />
  `;
}

/** What a link of this length cannot do. */
function told(state: State, length: number) {
  const missing = leftOut(state.lab, state.inputs).map((field) => field.label);
  if (missing.length > 0) return `${missing.join(', ')}: too long for a link. Send the file beside it.`;
  const places = tooSmall(length).map(([place, limit]) => `${place} (${limit.toLocaleString()})`);
  if (places.length > 0) return `Too long for ${places.join(', ')}; a file with the link in it passes everywhere.`;
  return 'The link holds the question itself; whoever opens it sees the same answer. It is short enough everywhere.';
}

/** Whether the system has a way of its own to send a link. */
const canSend = (url: string) => 'share' in navigator && (!('canShare' in navigator) || navigator.canShare({ url }));

function SendButton({ link, title }: { link: string; title: string }) {
  const [failure, setFailure] = useState('');
  const send = async () => {
    try {
      await navigator.share({ title, url: link });
    } catch (error) {
      // Who changes their mind has not failed.
      if (error instanceof DOMException && error.name === 'AbortError') return;
      console.warn('Nabla: sharing was refused.', error);
      setFailure('The browser refused');
    }
  };
  return html`<button type="button" class="quiet" onClick=${send}>${failure || 'Send…'}</button>`;
}

function Frame({ id, link, title }: { id: string; link: string; title: string }) {
  const [theme, setTheme] = useState('auto');
  const [height, setHeight] = useState(600);
  const [follow, setFollow] = useState(true);
  const code = embedCode({ link, title, theme, height, follow });
  return html`<details class="fold">
    <summary>Embed in a page</summary>
    <div class="embed-choice">
      <label for=${`${id}-theme`}>Colours</label>
      <select id=${`${id}-theme`} value=${theme} onChange=${(event: any) => setTheme(event.currentTarget.value)}>
        <option value="auto">as the system</option><option value="light">light</option><option value="dark">dark</option>
      </select>
      <label for=${`${id}-height`}>Height in pixels</label>
      <input id=${`${id}-height`} type="number" min="120" max="4000" step="20" value=${height}
        onInput=${(event: any) => setHeight(Number(event.currentTarget.value) || 600)} />
      <label class="embed-follow"><input type="checkbox" checked=${follow} onChange=${(event: any) => setFollow(event.currentTarget.checked)} />
        The height follows the answer, by a script</label>
    </div>
    <textarea readonly rows="4" aria-label="Code to embed" value=${code} onFocus=${(event: any) => event.currentTarget.select()}></textarea>
    <${CopyButton} text=${code} what="the code to embed" label="Copy the code" />
  </details>`;
}
