/** The answer in the forms in which it leaves: copied, saved, printed. */

import { copy } from '../page/copy.ts';
import { html } from '../page/html.ts';
import { download, fileName, Menu } from '../page/menu.ts';
import type { Session } from '../visit/session.ts';
import type { State } from '../visit/state.ts';
import { printAnswer } from './paper.ts';

/** Forms that are copied. */
const copied = (): [form: string, label: string][] => [
  ['markdown', 'Copy as Markdown'],
  ['latex', 'Copy as LaTeX'],
  ['text', 'Copy as plain text'],
  ['python', 'Copy as Python'],
];
/** Forms that are saved, with the ending of the file and its kind. */
const saved = (): [form: string, label: string, ending: string, type: string][] => [
  ['notebook', 'Save as notebook', 'ipynb', 'application/x-ipynb+json'],
  ['tex', 'Save as LaTeX document', 'tex', 'application/x-tex'],
  ['python', 'Save as Python program', 'py', 'text/x-python'],
];

export function ExportMenu({ state, session }: { state: State; session: Session }) {
  const items = [
    ...copied().map(([form, label]) => ({
      label,
      act: () => copy(session.export(form)).then(() => 'Copied'),
    })),
    ...saved().map(([form, label, ending, type]) => ({
      label,
      act: async () => download(await session.export(form), fileName(await titleOf(session), ending), type),
    })),
    { label: 'Print, or save as PDF', act: () => printAnswer() },
  ];
  const waiting = state.engine.phase === 'ready' ? 'Working…' : 'Python is starting…';
  return html`<${Menu} of="the answer" label="Export" items=${items} waiting=${waiting} />`;
}

/** The title with its formulas as text, for the name of a file. */
async function titleOf({ store }: Session) {
  const { document, lab } = store.get();
  return (await import('../render/formula/tex_text.ts')).proseText(document?.title || lab.title);
}
