/** What the reader makes of a formula while it is typed. */

import { useEffect, useState } from 'preact/hooks';
import { EngineError } from '../engine/client.ts';
import schema from '../generated/schema.json' with { type: 'json' };
import type { Field } from '../generated/types';
import type { Session } from '../visit/session.ts';
import type { Form, State } from '../visit/state.ts';

export type Remark = { code: string; message: string; span: [number, number] | null; alternative: string };

export type Previewed = { tex: string; remarks: Remark[] };

const NAME = /[\p{L}_][\p{L}\p{N}_]*/gu;
/** A name before an equals sign, as in `w = 3`. */
const ASSIGNED = /[\p{L}_][\p{L}\p{N}_]*(?=\s*=)/gu;
/** Nothing but names, as the variables to differentiate by. */
const NAMES_ONLY = /^[\p{L}_][\p{L}\p{N}_,;\s]*$/u;

/** Whether Python tells what it understood of such a field. */
export const isPreviewed = (field: Field) => schema.previewed.includes(field.kind);

/** The names of variables that a field mentions. */
function mentioned(field: Field, text: string) {
  if (field.kind === 'assignments') return text.match(ASSIGNED) ?? [];
  return field.kind === 'text' && NAMES_ONLY.test(text) ? (text.match(NAME) ?? []) : [];
}

/** The last preview stays until there is a new one; a formula that is not finished has none. */
export function usePreview(
  field: Field,
  value: string,
  { lab, inputs, engine }: Form & Pick<State, 'engine'>,
  session: Session,
): Previewed & { stale: boolean } {
  const [previewed, setPreviewed] = useState({ tex: '', remarks: [], of: '' } as Previewed & { of: string });
  const ready = engine.phase === 'ready';
  const others = lab.fields.filter((other) => other !== field);
  const known = JSON.stringify(others.flatMap((other) => mentioned(other, inputs[other.name] ?? '')));

  useEffect(() => {
    if (!isPreviewed(field)) return;
    if (!value.trim()) return setPreviewed({ tex: '', remarks: [], of: value });
    if (!ready) return;
    let wanted = true;
    session.engine
      .call({ method: 'preview', args: [field.kind, value, known], channel: `preview ${field.name}`, seconds: 5 })
      .then(
        ({ text }) => {
          const reply = JSON.parse(text);
          if (wanted && !reply.error) setPreviewed({ tex: reply.tex, remarks: reply.remarks, of: value });
        },
        (error) => {
          // An answer that fails says so itself; a preview is only ever missing.
          if (!(error instanceof EngineError)) throw error;
        },
      );
    return () => {
      wanted = false;
    };
  }, [value, known, ready]);

  return { ...previewed, stale: previewed.of !== value };
}
