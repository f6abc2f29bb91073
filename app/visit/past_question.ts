/** What was asked, in a line. */

import type { Lab } from '../generated/types';

const LINE = 160;

/** The first input that has a text. */
export function questionOf(lab: Lab, inputs: Record<string, string>, longest: number = LINE) {
  const asked = lab.fields.map(({ name }) => inputs[name]?.trim() ?? '').find(Boolean) ?? '';
  const line = asked.slice(0, 4 * longest).replace(/\s+/g, ' ');
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
