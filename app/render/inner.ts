/** The inner function of a chain in one colour throughout. No DOM. */

/** How many colours there are; further chains begin again. */
const HUES = 3;
/** What stands before an inner function: a bracket, an equals sign, or the sign of a derivative. */
const BEFORE = String.raw`(?<=\\left[(|]\s?|\{|=\s|\\(?:mathrm\{d\}|partial)\s?\w+\}\s|\\left\(\\?\w*\s?)`;
const BEHIND = String.raw`(?=\s?\\right|\}|\s=|\s\\cdot|$)`;

/**
 * LaTeX with the inner function, and the letter that stands for it, in a class of their own: `inner-1` and so on.
 * @param inner the inner function and its letter, in LaTeX; none without a chain
 */
export function coloured(tex: string, inner: string[], hue: number) {
  if (inner.length === 0) return tex;
  const [formula = '', ...letters] = inner;
  const letter = String.raw`(?<![A-Za-z\\])(?:${letters.map(escaped).join('|')})(?![A-Za-z_])`;
  const pattern = new RegExp(`${BEFORE}${escaped(formula)}${BEHIND}|${letter}`, 'g');
  return tex.replace(pattern, (found) => `\\htmlClass{inner-${((hue - 1) % HUES) + 1}}{${found}}`);
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
