/** Judges what a reader tries: Python answers the question of the step, with what is typed as the reader's answer. */

import { decodeDocument } from '../engine/protocol.ts';
import type { Block, NablaDocument } from '../generated/types';
import type { Judge } from '../render/judge.ts';
import type { Session } from '../visit/session.ts';

/** A lab's answer beside the one that the page shows. Rejects with the sentence that says why there is none. */
export async function answerOf(
  { engine, labs, asking }: Session,
  name: string,
  inputs: Record<string, string>,
): Promise<NablaDocument> {
  const seconds = [...labs, asking].find((lab) => lab.name === name)?.seconds ?? 60;
  const { text, numbers } = await engine.call({ method: 'run', args: [name, JSON.stringify(inputs)], seconds });
  const reply = JSON.parse(text);
  if (!reply.document) throw new Error(reply.error?.message ?? reply.crash.message);
  return decodeDocument(reply.document, numbers);
}

export const createJudge =
  (session: Session): Judge =>
  async (inputs, typed) => {
    const { values, blocks } = await answerOf(session, 'derive', { ...inputs, claim: typed });
    return { verdict: (values.claim as any)?.verdict ?? 'undecided', blocks: ofClaim(blocks) };
  };

/** What is said of the reader's answer: what stands under its heading. */
export function ofClaim(blocks: Block[]): Block[] {
  const from = blocks.findIndex((block) => block.kind === 'heading' && block.role === 'claim');
  if (from < 0) return [];
  const rest = blocks.slice(from + 1);
  const to = rest.findIndex(({ kind }) => kind === 'heading');
  return (to < 0 ? rest : rest.slice(0, to)).filter(({ kind }) => kind !== 'code');
}
