/** What was asked, in a line. */

const LINE = 160;

/**
 * The first input that has a text.
 * @param {import('../generated/types').Lab} lab
 * @param {Record<string, string>} inputs
 * @param {number} [longest]
 */
export function questionOf(lab, inputs, longest = LINE) {
  const asked = lab.fields.map(({ name }) => inputs[name]?.trim() ?? '').find(Boolean) ?? '';
  const line = asked.slice(0, 4 * longest).replace(/\s+/g, ' ');
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
