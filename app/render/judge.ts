/** What judges an answer that the reader tries: given by the page, where Python can be asked. */

import { createContext } from 'preact';
import type { Block } from '../generated/types';

export type Judged = {
  verdict: 'right' | 'wrong' | 'undecided';
  /** what is to be said of it, the mistakes that give it among it */ blocks: Block[];
};

/** Judges what is typed as an answer to inputs of derive; rejects where it cannot be asked. */
export type Judge = (inputs: Record<string, string>, typed: string) => Promise<Judged>;

export const JudgeContext = createContext<Judge | null>(null);
