/** The button that opens what there is to share; its panel comes with the first use. */

import { useId, useState } from 'preact/hooks';
import { html } from '../page/html.ts';
import type { Session } from '../visit/session.ts';
import type { State } from '../visit/state.ts';

/** A press on the button must not first close the panel that it is to close. */
const keepFocus = (event: Event) => event.preventDefault();

let Panel: typeof import('./share_panel.ts').SharePanel | null = null;

/** The panel goes when attention goes elsewhere. */
export function ShareButton({ state, session }: { state: State; session: Session }) {
  const [open, setOpen] = useState(false);
  const [failure, setFailure] = useState('');
  const id = useId();
  const turn = async () => {
    if (!open && !Panel) {
      try {
        Panel = (await import('./share_panel.ts')).SharePanel;
      } catch (error) {
        console.warn('Nabla: the panel did not arrive.', error);
        return setFailure('That did not work');
      }
    }
    setFailure('');
    setOpen(!open);
  };
  const leave = (event: any) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !open) return;
    setOpen(false);
    event.stopPropagation();
    ((event.currentTarget as Element).querySelector('[aria-expanded]') as HTMLElement | null)?.focus();
  };
  return html`<div onFocusOut=${leave} onKeyDown=${onKeyDown}>
    <button type="button" class="quiet" aria-expanded=${open} aria-controls=${id} onMouseDown=${keepFocus}
      onClick=${turn}>${failure || 'Share'}</button>
    <div class="share" id=${id} hidden=${!open} tabindex="-1">${open && Panel && html`<${Panel} id=${id} state=${state} session=${session} />`}</div>
  </div>`;
}
