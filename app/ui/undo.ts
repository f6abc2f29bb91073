/** Back and forth among the changes of a question. */

import { useEffect } from 'preact/hooks';
import { html } from '../page/html.ts';
import type { VisitHistory } from '../visit/history.ts';

export function UndoBar({ visitHistory }: { visitHistory: VisitHistory }) {
  useEffect(() => listenForUndo(visitHistory), [visitHistory]);
  return html`<div class="undo" role="group" aria-label="Changes">
    <button type="button" class="quiet" disabled=${!visitHistory.canUndo()} onClick=${visitHistory.undo} title="Undo" aria-label="Undo"><${Arrow} /></button>
    <button type="button" class="quiet" disabled=${!visitHistory.canRedo()} onClick=${visitHistory.redo} title="Redo" aria-label="Redo"><${Arrow} forth /></button>
  </div>`;
}

const Arrow = ({ forth = false }: { forth?: boolean }) => html`<svg viewBox="0 0 20 20" aria-hidden="true">
  <path d="M7.5 4 3.5 8l4 4M4 8h8a4.5 4.5 0 0 1 0 9H8" transform=${forth ? 'translate(20 0) scale(-1 1)' : undefined} />
</svg>`;

/** Inside of a field these keys are the field's own, for what is typed there. */
function listenForUndo(visitHistory: VisitHistory) {
  const onKey = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    if ((event.target as Element).closest?.('input:not([type=range], [type=radio]), textarea, dialog')) return;
    const key = event.key.toLowerCase();
    const redo = key === 'y' || (key === 'z' && event.shiftKey);
    if (!redo && key !== 'z') return;
    event.preventDefault();
    if (redo && visitHistory.canRedo()) visitHistory.redo();
    else if (!redo && visitHistory.canUndo()) visitHistory.undo();
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}
