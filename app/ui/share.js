/** The link to what is on the page, with its length, since chat programs cut long ones. */

import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { leftOut } from '../link.js';
import { CopyButton } from './copy.js';
import { html } from './html.js';

/** Teams refuses links from about here on, Slack from about 4,000. */
const LONG = 3000;

/** A press on the button must not first close the panel that it is to close. @param {Event} event */
const keepFocus = (event) => event.preventDefault();

/** The panel goes when attention goes elsewhere. @param {{state: import('../state.js').State}} props */
export function ShareButton({ state }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const missing = leftOut(state.lab, state.inputs).map((field) => field.label);
  const link = new URL(state.link || '#/', location.href).href;
  useEffect(() => {
    if (open) field.current?.focus();
  }, [open]);
  const leave = (/** @type {any} */ event) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
  };
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Escape') setOpen(false);
  };
  return html`<div onFocusOut=${leave} onKeyDown=${onKeyDown}>
    <button type="button" class="quiet" aria-expanded=${open} aria-controls=${id} onMouseDown=${keepFocus}
      onClick=${() => setOpen(!open)}>Share</button>
    <div class="share" id=${id} hidden=${!open}>
      <label for=${`${id}-link`}>Link to this question <span class="bytes">${link.length} characters</span></label>
      <input id=${`${id}-link`} ref=${field} readonly value=${link} onFocus=${(/** @type {any} */ event) => event.currentTarget.select()} />
      <${CopyButton} text=${link} what="the link" label="Copy the link" />
      <p>${
        missing.length > 0
          ? `${missing.join(' and ')}: too long for a link. Send the file beside it.`
          : link.length > LONG
            ? 'Some chat programs cut links of this length; a message with the link as a file is safer.'
            : 'The link holds the question itself; whoever opens it sees the same answer.'
      }</p>
    </div>
  </div>`;
}
