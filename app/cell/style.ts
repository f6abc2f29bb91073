/** How the cell looks, beyond what it has in common with the labs. Put on when the cell is opened. */

const STYLE = `
.cell-editor { border: 1px solid var(--edge); border-radius: var(--radius); background: light-dark(#fff, #121315); overflow: hidden; }
.cell-editor:focus-within { outline: 2px solid var(--accent); outline-offset: 0; border-color: var(--accent); }
.cell { display: grid; flex: 1; grid-template-columns: minmax(0, 1fr); align-content: start; gap: 1.5rem; min-height: 100dvh; }
.cell { width: 100%; max-width: var(--page); margin-inline: auto; padding: 1rem var(--gap) 4rem; }
.cell .question { padding: 0; display: grid; gap: 0.75rem; }
.cell .question h1, .cell .question .summary { margin: 0; }
.cell .submit { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1rem; margin-top: 0.25rem; }
.cell .submit .tools { display: flex; align-items: center; gap: 0.5rem; margin-left: auto; }
.cell .submit .bytes { font: var(--small) var(--sans); color: var(--soft); }
.cell-results { display: grid; gap: 1.5rem; padding: 0; min-width: 0; }
.cell-row { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.75rem clamp(1.5rem, 3vw, 3rem); }
.cell-source { display: grid; align-content: start; gap: 0.4rem; min-width: 0; }
.cell[data-several="true"] .cell-source { --cell-least: 2.5rem; }
.cell[data-several="true"] .cell-row[data-state="running"] .cell-editor { border-left: 3px solid var(--accent); }
.cell[data-several="true"] .cell-row[data-state="error"] .cell-editor { border-left: 3px solid var(--bad); }
.cell-came { min-width: 0; }
.cell-came[data-stale="true"] { opacity: 0.55; }
@media (min-width: 62rem) {
  .cell-row { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
  .cell-row[data-kind="text"] { grid-template-columns: minmax(0, 1fr); max-width: 46rem; }
}
.cell-controls { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem; }
.cell-controls > button { border: 0; background: none; color: var(--soft); font: var(--small) var(--sans); padding: 0.3rem 0.5rem; min-height: 0; border-radius: var(--radius); }
.cell-controls > button:hover:not(:disabled) { color: var(--accent); background: color-mix(in srgb, var(--accent) 8%, transparent); }
.cell-controls > button:disabled { opacity: 0.5; }
.cell-markdown { width: 100%; font: 0.9rem / 1.5 var(--mono); resize: vertical; }
.cell-text-shown { display: flex; gap: 1rem; justify-content: space-between; align-items: baseline; }
.cell-help ul { margin: 0.5rem 0 0; padding-left: 1.2rem; font: var(--small) / 1.6 var(--sans); color: var(--soft); }
.cell-help code { font-size: 0.92em; color: var(--ink); }
.outputs { display: grid; gap: 1rem; min-width: 0; }
.outputs > * { min-width: 0; }
.cell-text { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.9rem; line-height: 1.5; }
.cell-text { max-height: 32rem; overflow: auto; }
.cell-text[data-stream="out"], .cell-text[data-stream="err"] { border-left: 2px solid var(--line); padding-left: 0.75rem; }
.cell-text[data-stream="err"] { border-left-color: var(--warn); color: var(--warn); }
.ansi-bold { font-weight: 700; }
.ansi-red { color: var(--bad); } .ansi-green { color: var(--good); } .ansi-yellow { color: var(--warn); }
.ansi-blue, .ansi-cyan { color: var(--accent); } .ansi-magenta { color: var(--inner-1); } .ansi-black, .ansi-white { color: var(--soft); }
.cell-image { margin: 0; }
.cell-image img { max-width: 100%; height: auto; background: #fff; border-radius: var(--radius); }
.cell-image figcaption { font: var(--small) var(--sans); }
.markup { overflow-x: auto; max-width: 100%; }
.markup > :first-child { margin-top: 0; } .markup > :last-child { margin-bottom: 0; }
.markup :is(h1, h2, h3, h4) { color: var(--ink); font-size: 1.15rem; margin: 1.2em 0 0.4em; }
.markup h1 { font-size: 1.6rem; } .markup h2 { font-size: 1.35rem; }
.cell-text-shown > button { font: var(--small) var(--sans); flex: none; }
.markup table { border-collapse: collapse; font: var(--small) var(--sans); }
.markup :is(td, th) { padding: 0.25rem 0.6rem; border-bottom: 1px solid var(--line); text-align: left; }
.cell-reactive { font: var(--small) var(--sans); color: var(--soft); display: inline-flex; gap: 0.35rem; align-items: center; }
.cell-written, .cell .kept { font: var(--small) var(--sans); color: var(--soft); margin: 0.5rem 0 0; }
.cell-asked { display: flex; gap: 0.5rem; margin-top: 0.5rem; }
.cell-asked input { flex: 1; min-width: 0; }
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
