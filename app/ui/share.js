/** The button that opens what there is to share; its panel comes with the first use. */

import { useId, useState } from 'preact/hooks';
import { html } from '../page/html.ts';

/** A press on the button must not first close the panel that it is to close. @param {Event} event */
const keepFocus = (event) => event.preventDefault();

/** @type {typeof import('./share_panel.js').SharePanel | null} */
let Panel = null;

/** The panel goes when attention goes elsewhere. @param {{state: import('../visit/state.js').State, session: import('../visit/session.js').Session}} props */
export function ShareButton({ state, session }) {
  const [open, setOpen] = useState(false);
  const [failure, setFailure] = useState('');
  const id = useId();
  const turn = async () => {
    if (!open && !Panel) {
      try {
        Panel = (await import('./share_panel.js')).SharePanel;
      } catch (error) {
        console.warn('Nabla: the panel did not arrive.', error);
        return setFailure('That did not work');
      }
    }
    setFailure('');
    setOpen(!open);
  };
  const leave = (/** @type {any} */ event) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
  };
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'Escape' || !open) return;
    setOpen(false);
    event.stopPropagation();
    /** @type {HTMLElement | null} */ (
      /** @type {Element} */ (event.currentTarget).querySelector('[aria-expanded]')
    )?.focus();
  };
  return html`<div onFocusOut=${leave} onKeyDown=${onKeyDown}>
    <button type="button" class="quiet" aria-expanded=${open} aria-controls=${id} onMouseDown=${keepFocus}
      onClick=${turn}>${failure || 'Share'}</button>
    <div class="share" id=${id} hidden=${!open} tabindex="-1">${open && Panel && html`<${Panel} id=${id} state=${state} session=${session} />`}</div>
  </div>`;
}
