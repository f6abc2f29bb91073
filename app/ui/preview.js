/** What the reader makes of a formula while it is typed. */

import { useEffect, useState } from 'preact/hooks';
import { EngineError } from '../engine/client.js';

/**
 * @typedef {{code: string, message: string, span: [number, number] | null, alternative: string}} Remark
 * @typedef {{tex: string, remarks: Remark[]}} Previewed
 */

/** A name before an equals sign, as in `w = 3`. */
const NAMED = /[\p{L}_][\p{L}\p{N}_]*(?=\s*=)/gu;

/**
 * The last preview stays until there is a new one; a formula that is not finished has none.
 * @param {import('../generated/types').Field} field
 * @param {string} value
 * @param {import('../state.js').State} state
 * @param {import('../session.js').Session} session
 * @returns {Previewed & {stale: boolean}}
 */
export function usePreview(field, value, { lab, inputs, engine }, session) {
  const [previewed, setPreviewed] = useState(/** @type {Previewed & {of: string}} */ ({ tex: '', remarks: [], of: '' }));
  const ready = engine.phase === 'ready';
  const others = lab.fields.filter((other) => other.kind === 'assignments' && other !== field);
  const known = JSON.stringify(others.flatMap((other) => (inputs[other.name] ?? '').match(NAMED) ?? []));

  useEffect(() => {
    if (!value.trim()) return setPreviewed({ tex: '', remarks: [], of: value });
    if (!ready) return;
    let wanted = true;
    session.engine.call({ method: 'preview', args: [field.kind, value, known], channel: `preview ${field.name}`, seconds: 5 }).then(
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
