/** The answer in the forms in which it leaves: copied, saved, printed. */

import { say } from '../words.js';
import { copy } from './copy.js';
import { html } from './html.js';
import { download, fileName, Menu } from './menu.js';

/** @typedef {import('../state.js').State} State */
/** @typedef {import('../session.js').Session} Session */

const COPIED = {
  markdown: 'Copy as Markdown',
  latex: 'Copy as LaTeX',
  text: 'Copy as plain text',
  python: 'Copy as Python',
};
/** @type {Record<string, [label: string, ending: string, type: string]>} */
const SAVED = {
  notebook: ['Save as notebook', 'ipynb', 'application/x-ipynb+json'],
  tex: ['Save as LaTeX document', 'tex', 'application/x-tex'],
  python: ['Save as Python program', 'py', 'text/x-python'],
};

/** @param {{state: State, session: Session}} props */
export function ExportMenu({ state, session }) {
  const items = [
    ...Object.entries(COPIED).map(([form, label]) => ({
      label: say(label),
      act: () => copy(session.export(form)).then(() => say('Copied')),
    })),
    ...Object.entries(SAVED).map(([form, [label, ending, type]]) => ({
      label: say(label),
      act: async () => download(await session.export(form), fileName(await titleOf(session), ending), type),
    })),
    { label: say('Print, or save as PDF'), act: () => setTimeout(() => print()) && '' },
  ];
  const waiting = state.engine.phase === 'ready' ? say('Working…') : say('Python is starting…');
  return html`<${Menu} of=${say('the answer')} label=${say('Export')} items=${items} waiting=${waiting} />`;
}

/** The title with its formulas as text, for the name of a file. @param {Session} session */
async function titleOf({ store }) {
  const { document, lab } = store.get();
  return (await import('../render/tex_text.js')).proseText(document?.title || lab.title);
}
