/**
 * The text of the box with files in it: what is typed, and behind it each file under a line with its name, as
 * question/files.py and read/data/binary.py read it.
 */

import read from '../generated/files.json' with { type: 'json' };

export interface NamedFile {
  name: string;
  /** what it holds; of a file that is no text its bytes in base64, behind a sign */
  text: string;
}

export const BINARY = read.sign;
/** What one goes on writing in. */
const WRITTEN = ['py', 'md', 'tex', 'ipynb'];
export const ACCEPTED = ['csv', 'tsv', 'txt', 'dat', 'asc', ...read.binary, ...WRITTEN]
  .map((end) => `.${end}`)
  .join(',');

const HEAD = new RegExp(read.head, 'gm');

const endOf = (name: string) => /\.([^.]+)$/.exec(name.toLowerCase())?.[1] ?? '';
export const isBinary = (name: string) => read.binary.includes(endOf(name));
export const isWritten = (name: string) => WRITTEN.includes(endOf(name));

/** The text taken apart; `joined` puts it together again. */
export function split(text: string): { typed: string; files: NamedFile[] } {
  const heads = [...text.matchAll(HEAD)];
  if (heads.length === 0) return { typed: text, files: [] };
  const files = heads.map((head, i) => ({
    name: (head[1] ?? '').trim(),
    text: text.slice(head.index + head[0].length, heads[i + 1]?.index ?? text.length),
  }));
  return { typed: text.slice(0, heads[0]?.index).replace(/\n$/, ''), files };
}

export function joined(typed: string, files: NamedFile[]): string {
  const ended = (part: string) => (part && !part.endsWith('\n') ? `${part}\n` : part);
  const whole = files.map(({ name, text }) => `==> ${name} <==\n${ended(text)}`);
  return whole.length === 0 ? typed : [typed && `${typed}\n`, ...whole].join('');
}

/** The text with further files: each in the place of one of its name; the first to be written in where nothing is. */
export function withFiles(text: string, more: NamedFile[]): string {
  const { typed, files } = split(text);
  const [first] = more;
  if (first && !typed.trim() && files.length === 0 && isWritten(first.name)) return joined(first.text, more.slice(1));
  const names = new Set(more.map(({ name }) => name));
  return joined(typed, [...files.filter(({ name }) => !names.has(name)), ...more]);
}
