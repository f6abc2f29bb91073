/**
 * The editor of the Python cell: CodeMirror in a shadow tree, where the styles that it makes are constructed sheets,
 * which the page's policy need not allow.
 */

import type { CompletionContext, CompletionSource } from '@codemirror/autocomplete';
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completeFromList,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { globalCompletion, localCompletionSource, pythonLanguage } from '@codemirror/lang-python';
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { EditorState, Transaction } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useLayoutEffect, useRef } from 'preact/hooks';
import names from '../generated/names.json' with { type: 'json' };
import { html } from '../page/html.ts';
import type { CellError } from './protocol';

const COLOURS = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--soft)' },
  { tag: [tags.keyword, tags.operatorKeyword, tags.bool, tags.null], color: 'var(--accent)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--good)' },
  { tag: tags.number, color: 'var(--inner-1)' },
]);

const LOOKS = EditorView.theme({
  '&': {
    font: '0.9rem / 1.5 var(--mono)',
    color: 'var(--ink)',
    minHeight: 'var(--cell-least, 15rem)',
    maxHeight: '42rem',
  },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { font: 'inherit', overflow: 'auto' },
  '.cm-content': { padding: '0.5rem 0', caretColor: 'var(--ink)' },
  '.cm-gutters': { background: 'none', border: 'none', color: 'var(--soft)' },
  '.cm-activeLine': { background: 'none' },
  '&.cm-focused .cm-activeLine': { background: 'color-mix(in srgb, var(--accent) 6%, transparent)' },
  '.cm-tooltip': { background: 'var(--sheet)', color: 'var(--ink)', border: '1px solid var(--edge)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { background: 'var(--accent)', color: 'var(--paper)' },
  '.cm-diagnostic': { font: 'var(--small) / 1.4 var(--sans)' },
});

/** The names of a module behind its dot. */
function ofModule(context: CompletionContext) {
  const match = context.matchBefore(/[\w.]+\.\w*/);
  const called = match?.text.replace(/\.\w*$/, '') ?? '';
  const found = (names as Record<string, string[]>)[called];
  if (!match || !found) return null;
  const options = found.map((label) => ({ label, type: /^[A-Z]/.test(label) ? 'class' : 'function' }));
  return { from: match.from + called.length + 1, options, validFor: /^\w*$/ };
}

const given = completeFromList(
  ['np', 'sp', 'nabla', 'micropip', 'display'].map((label) => ({ label, type: 'namespace' })),
);

/** Names by themselves, where no dot stands before. */
const alone = (source: CompletionSource) => (context: CompletionContext) =>
  context.matchBefore(/\.\w*/) ? null : source(context);

export function Editor(props: {
  code: string;
  label: string;
  error: CellError | null;
  onType: (code: string) => void;
  onRun: () => void;
}) {
  const place = useRef(null as HTMLDivElement | null);
  const view = useRef(null as EditorView | null);
  const latest = useRef(props);
  latest.current = props;
  useLayoutEffect(() => {
    const root = (place.current as HTMLDivElement).attachShadow({ mode: 'open', delegatesFocus: true });
    const made = new EditorView({ root, parent: root, state: stateOf(props, latest) });
    view.current = made;
    return () => made.destroy();
  }, []);
  useLayoutEffect(() => {
    const { current: made } = view;
    // Another program came: from a link, the drafts, or the browser's history.
    if (made && made.state.doc.toString() !== props.code)
      made.dispatch({
        changes: { from: 0, to: made.state.doc.length, insert: props.code },
        annotations: Transaction.addToHistory.of(false),
      });
  }, [props.code]);
  useLayoutEffect(() => {
    if (view.current)
      view.current.dispatch(setDiagnostics(view.current.state, marked(view.current.state, props.error)));
  }, [props.error]);
  return html`<div class="cell-editor" ref=${place}></div>`;
}

function stateOf({ code, label }: Parameters<typeof Editor>[0], latest: { current: Parameters<typeof Editor>[0] }) {
  const run = () => {
    latest.current.onRun();
    return true;
  };
  return EditorState.create({
    doc: code,
    extensions: [
      lineNumbers(),
      history(),
      highlightActiveLine(),
      indentOnInput(),
      indentUnit.of('    '),
      bracketMatching(),
      closeBrackets(),
      pythonLanguage,
      autocompletion({ override: [ofModule, alone(given), alone(localCompletionSource), alone(globalCompletion)] }),
      syntaxHighlighting(COLOURS),
      LOOKS,
      EditorView.contentAttributes.of({
        'aria-label': label,
        tabindex: '0',
        'aria-description': 'Escape, then Tab leaves the editor.',
      }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) latest.current.onType(update.state.doc.toString());
      }),
      keymap.of([
        { key: 'Mod-Enter', run },
        ...closeBracketsKeymap,
        ...completionKeymap,
        ...historyKeymap,
        ...defaultKeymap,
        indentWithTab,
      ]),
    ],
  });
}

/** The place of an error as the editor knows places. */
function marked({ doc }: EditorState, error: CellError | null) {
  if (!error?.place || error.place[0] > doc.lines) return [];
  const [first, column, last, end] = error.place;
  const line = doc.line(first);
  const from = at(line, column ?? 0);
  const to = column === null || end === null || last !== first ? line.to : at(line, end);
  return [
    {
      from,
      to: Math.max(from, to),
      severity: 'error' as const,
      message: `${error.name}: ${error.message}`,
    },
  ];
}

/** Python counts letters, the editor units of UTF-16. */
const at = ({ from, text }: { from: number; text: string }, column: number) =>
  from + [...text].slice(0, column).join('').length;
