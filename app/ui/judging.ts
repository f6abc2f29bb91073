/** Judges what a reader tries: Python answers the question of the step, with what is typed as the reader's answer. */

import { decodeDocument } from '../engine/protocol.ts';
import type { Block } from '../generated/types';
import type { Judge } from '../render/judge.ts';
import type { Session } from '../visit/session.ts';

const LAB = 'derive';
const SECONDS = 30;

export const createJudge =
  ({ engine }: Session): Judge =>
  async (inputs, typed) => {
    const args = [LAB, JSON.stringify({ ...inputs, claim: typed })];
    const { text, numbers } = await engine.call({ method: 'run', args, seconds: SECONDS });
    const reply = JSON.parse(text);
    if (!reply.document) throw new Error(reply.error?.message ?? reply.crash.message);
    const { values, blocks } = decodeDocument(reply.document, numbers);
    return { verdict: (values.claim as any)?.verdict ?? 'undecided', blocks: ofClaim(blocks) };
  };

/** What stands under the heading about the reader's answer. */
function ofClaim(blocks: Block[]): Block[] {
  const from = blocks.findIndex((block) => block.kind === 'heading' && block.role === 'claim');
  if (from < 0) return [];
  const rest = blocks.slice(from + 1);
  const to = rest.findIndex(({ kind }) => kind === 'heading');
  return (to < 0 ? rest : rest.slice(0, to)).filter(({ kind }) => kind !== 'code');
}
