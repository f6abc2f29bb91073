/** How the cell looks, beyond what it has in common with the labs. Put on when the cell is opened. */

const STYLE = `
.cell-editor { border: 1px solid var(--edge); border-radius: var(--radius); background: light-dark(#fff, #121315); overflow: hidden; }
.cell-editor:focus-within { outline: 2px solid var(--accent); outline-offset: 0; border-color: var(--accent); }
.cell { display: grid; flex: 1; grid-template-columns: minmax(0, 1fr); align-content: start; gap: 2.5rem; min-height: 100dvh; }
.cell { width: 100%; max-width: var(--page); margin-inline: auto; padding: 1rem var(--gap) 4rem; }
.cell .question { padding: 0; }
.cell .form { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.75rem; margin-top: 1.5rem; }
.cell .submit { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1rem; }
.cell-results .tools .bytes { font: var(--small) var(--sans); color: var(--soft); }
@media (min-width: 62rem) {
  .cell { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: clamp(2rem, 4vw, 4rem); }
}
.cell-help ul { margin: 0.5rem 0 0; padding-left: 1.2rem; font: var(--small) / 1.6 var(--sans); color: var(--soft); }
.cell-help code { font-size: 0.92em; color: var(--ink); }
.outputs { display: grid; gap: 1rem; min-width: 0; }
.outputs > * { min-width: 0; }
.cell-text { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.9rem; line-height: 1.5; }
.cell-text { max-height: 32rem; overflow: auto; }
.cell-text[data-stream="out"], .cell-text[data-stream="err"] { border-left: 2px solid var(--line); padding-left: 0.75rem; }
.cell-text[data-stream="err"] { border-left-color: var(--warn); color: var(--warn); }
.cell-results[data-stale="true"] .outputs { opacity: 0.55; }
.cell-running { color: var(--soft); font: var(--small) var(--sans); }
.cell-title { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; align-items: baseline; justify-content: space-between; margin-bottom: 1rem; }
.cell-title a { font: var(--small) var(--sans); }
.cell-shown + .cell-shown, .cell-text + .cell-shown { margin-top: 0.5rem; }
.cell-error { border-left: 3px solid var(--bad); padding: 0.25rem 0 0.25rem 0.9rem; display: grid; gap: 0.5rem; margin-top: 1rem; }
.cell-error strong { color: var(--bad); }
.cell-message { white-space: pre-wrap; overflow-wrap: anywhere; }
.cell-error .caret { margin: 0; }
`;

// A constructed sheet is none that the policy has to allow.
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);
document.adoptedStyleSheets.push(sheet);
