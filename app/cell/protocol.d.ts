/** The messages between the page and its sandbox, over a channel of their own. */

import type { PythonBuild } from '../engine/protocol.ts';
import type { Block, Caution, Sentence } from '../generated/types';

/** What the page tells the sandbox. The sandbox can fetch nothing of the site: the page brings what it asks for. */
export type ToCell =
  | { type: 'start'; python: PythonBuild; quick: boolean }
  | { type: 'file'; path: string; bytes: ArrayBuffer | null; cause: string }
  | ({ type: 'run'; run: number } & Program)
  | { type: 'answer'; run: number; text: string }
  /** A file of the visitor, for programs to read. */
  | { type: 'put'; name: string; bytes: Uint8Array<ArrayBuffer> }
  /** Ask for a file that a program has written. */
  | { type: 'get'; name: string };

/** The global names that a program reads and writes. */
export interface Names {
  reads: string[];
  writes: string[];
}

/** A file in the folder where programs run. */
export interface Written {
  name: string;
  size: number;
}

/** `fresh` where the names of earlier programs are gone; `file` is its name in traces. */
export interface Program {
  code: string;
  file: string;
  fresh: boolean;
}

/** Where an error is: line and column, last line and last column; counted from 1 and 0, as Python does. */
export type Place = [number, number | null, number | null, number | null];

export interface CellError {
  name: string;
  message: string;
  hint: string;
  trace: string;
  place: Place | null;
}

/** What the sandbox tells the page; `guard.js` takes nothing else. */
export type FromCell =
  | { type: 'want'; path: string }
  | { type: 'stage'; name: string; loaded: number; total: number }
  | { type: 'ready'; quick: boolean; slow: string }
  | { type: 'failed'; message: string; trace: string }
  | { type: 'text'; run: number; stream: 'out' | 'err' | 'value'; text: string }
  | { type: 'show'; run: number; text: string; numbers: Float64Array | null }
  | { type: 'image'; run: number; mime: ImageType; bytes: Uint8Array<ArrayBuffer> }
  | { type: 'html'; run: number; text: string }
  /** The program waits for what somebody types. */
  | { type: 'ask'; run: number; prompt: string }
  | { type: 'saved'; name: string; bytes: Uint8Array<ArrayBuffer> }
  /** The program begins anew, now that the modules it missed are there. */
  | { type: 'again'; run: number }
  | {
      type: 'done';
      run: number;
      error: CellError | null;
      fatal: boolean;
      heap: number;
      written: Written[];
      names: Names;
    };

export type ImageType = 'image/svg+xml' | 'image/png';

/**
 * A value as blocks; `lab` and `inputs` say which question of the page the document answers, `data` is the table of
 * numbers that it holds, as text.
 */
export interface Shown {
  title: string | null;
  lab: string | null;
  inputs: Record<string, string>;
  warnings: Caution[];
  answer: Sentence | null;
  data: string | null;
  blocks: Block[];
}
