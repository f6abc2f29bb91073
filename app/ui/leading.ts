/** Where the sentence that answers is long: what of it answers, and what is told beside it. No DOM. */

/** So many letters stand in the first line at most, unless its first sentence has more. */
const LINE = 150;
/** What no sentence ends in: formulas and code. */
const WHOLE = /\$\$?[^$]*\$\$?|`[^`]*`/g;

/**
 * The first sentences of a prose, as many as fit a line or two, and the others.
 * @returns both in the same prose; the second is '' where there is nothing else
 */
export function leading(prose: string): [string, string] {
  if (prose.length <= LINE) return [prose, ''];
  const opaque = prose.replace(WHOLE, (part) => 'x'.repeat(part.length));
  const ends = [...opaque.matchAll(/[.?](?= )/g)].map(({ index }) => index + 1);
  const end = ends.filter((end) => end <= LINE).at(-1) ?? ends[0];
  return end === undefined ? [prose, ''] : [prose.slice(0, end), prose.slice(end).trim()];
}
