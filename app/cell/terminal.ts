/** Text as a terminal shows it: a carriage return begins the line anew, escape sequences colour what follows. */

export interface Run {
  text: string;
  /** the names of styles, as `bold` or `red` */
  styles: string[];
}

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const ESCAPE = /\r$|\u001b\[([\d;]*)([A-Za-z])|\u001b[^[]?/g;

/**
 * What is left of a text when each line is written over from its beginning at a carriage return. One at the end stays:
 * what it writes over is what comes next.
 */
export function overwritten(text: string): string {
  if (!text.includes('\r')) return text;
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const end = lines.at(-1)?.endsWith('\r') ? '\r' : '';
  const shown = lines.map((line) =>
    line.split('\r').reduce((before, part) => (part === '' ? before : part + before.slice(part.length))),
  );
  return shown.join('\n') + end;
}

/** The pieces of a text with their styles; sequences that set none are left out. */
export function runsOf(text: string): Run[] {
  const runs: Run[] = [];
  let styles: string[] = [];
  let last = 0;
  const add = (end: number) => {
    if (end > last) runs.push({ text: text.slice(last, end), styles });
  };
  for (const found of text.matchAll(ESCAPE)) {
    add(found.index);
    last = found.index + found[0].length;
    if (found[2] === 'm') styles = (found[1] || '0').split(';').map(Number).reduce(styled, styles);
  }
  add(text.length);
  return runs;
}

function styled(styles: string[], code: number): string[] {
  if (code === 0) return [];
  if (code === 1) return [...new Set([...styles, 'bold'])];
  if (code === 22) return styles.filter((style) => style !== 'bold');
  const colour = COLOURS[code >= 90 ? code - 90 : code - 30];
  const others = styles.filter((style) => !COLOURS.includes(style));
  if (code === 39) return others;
  return colour && (code < 40 || code >= 90) ? [...others, colour] : styles;
}
