/** What Python reads in the text of the box while it is written, and whether it may answer by itself. */

import { useEffect, useState } from 'preact/hooks';
import { EngineError } from '../engine/client.ts';
import { answersHere } from '../visit/here.ts';
import type { Session } from '../visit/session.ts';
import { EXAMPLES } from './gallery.ts';
import { pause } from './keys.ts';
import type { Question } from './question.ts';

/** what a text was read as, and where its answer is when it needs no reading */
export interface Found {
  of: string;
  question?: Question;
  error?: { message: string; hint: string };
  /** an address that the text is, or whose question it is */
  link?: string;
}

/** The pause in typing after which a text is read. */
const PAUSE = 80;
/** So long the reading of the longest text may take. */
const SECONDS = 30;

/**
 * What Python reads in a text; until it has, what it read in an earlier one.
 * @param writing whether it is being written: then it is answered after a pause, unless it holds a program
 */
export function useReading(text: string, session: Session, writing: boolean): Found | null {
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    if (!text.trim()) return setFound(null);
    if (!writing) return;
    let timer = setTimeout(look, PAUSE);
    const begun = performance.now();
    let stale = false;
    async function look() {
      const link = await answersHere(text, [...session.labs, session.asking], EXAMPLES);
      if (stale) return;
      if (link) return setFound({ of: text, link });
      try {
        const { text: reply } = await session.engine.call({
          method: 'understood',
          args: [text],
          channel: 'understood',
          seconds: SECONDS,
        });
        if (stale) return;
        const read: Found = { of: text, ...JSON.parse(reply) };
        setFound(read);
        const runs = read.question?.parts.some(({ role }) => role === 'program');
        if (!runs) timer = setTimeout(session.answer, Math.max(0, begun + pause() - performance.now()));
      } catch (error) {
        // An answer that fails says so itself; what is read beforehand is only ever missing.
        if (!(error instanceof EngineError)) throw error;
      }
    }
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [text, writing]);
  return found;
}
