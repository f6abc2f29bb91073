/** What the Python cell knows: its program in cells, what came of each, and how the sandbox is. */

import type { Stage } from '../engine/protocol.ts';
import type { Part } from './notebook.ts';
import type { CellError, ImageType, Names, Shown, Written } from './protocol';

export type TextOutput = { kind: 'text'; stream: 'out' | 'err' | 'value'; text: string };

export type Output = { key: number } & (
  | TextOutput
  | { kind: 'shown'; shown: Shown }
  | { kind: 'image'; mime: ImageType; bytes: Uint8Array<ArrayBuffer> }
  | { kind: 'html'; text: string }
);

/** A cell of the program; `id` is its own as long as the page is there. */
export type CellPart = Part & { id: number };

/** What came of the last run of a cell. */
export interface Came {
  outputs: Output[];
  error: CellError | null;
  /** the names that it has read and written */
  names: Names;
  /** the files that the program has written */
  written: Written[];
  /** what ended the run, where it did not end by itself */
  note: string;
  /** the program that it is of; null before the first run */
  ran: string | null;
}

export const NOTHING: Came = {
  outputs: [],
  error: null,
  names: { reads: [], writes: [] },
  written: [],
  note: '',
  ran: null,
};

export interface CellState {
  cells: CellPart[];
  came: Record<number, Came>;
  /** the cell that runs, and those that are to run after it */
  running: number | null;
  queue: number[];
  /** whether running one cell runs those again that depend on it */
  reactive: boolean;
  /** the files given to programs, by their names */
  files: string[];
  /** what a program that waits for somebody to type says, null when none does */
  prompt: string | null;
  /** whether the program came with a link, and was not changed since */
  linked: boolean;
  /** what could not be read from the address */
  problems: string[];
  link: string;
  /** the visitor's own last program, when another is on the page */
  draft: string | null;
  phase: 'closed' | 'starting' | 'ready' | 'failed';
  stage: Stage | null;
  /** why the sandbox is not there */
  cause: string;
  trace: string;
  said: string;
}
