/**
 * A program in cells, as text: the percent format, in which a line `# %%` begins a cell and `# %% [markdown]` one of
 * text, and Jupyter's notebooks. A program without such lines is one cell.
 */

export interface Part {
  kind: 'code' | 'text';
  source: string;
}

const MARK = /^# ?%%(?=[ \t[]|$)[ \t]*(.*)$/;

/** The cells of a program. */
export function partsOf(text: string): Part[] {
  const parts: { kind: Part['kind']; lines: string[] }[] = [{ kind: 'code', lines: [] }];
  let marked = false;
  for (const line of text.replaceAll('\r\n', '\n').split('\n')) {
    const mark = MARK.exec(line);
    if (mark) {
      const kind = /\[(markdown|md|raw)\]/i.test(mark[1] ?? '') ? 'text' : 'code';
      const title = (mark[1] ?? '').replace(/\[\w+\]/, '').trim();
      parts.push({ kind, lines: title ? [kind === 'text' ? `# ## ${title}` : `# ${title}`] : [] });
      marked = true;
    } else parts.at(-1)?.lines.push(line);
  }
  if (!marked) return [{ kind: 'code', source: text }];
  const [before, ...rest] = parts;
  const all = before?.lines.some((line) => line.trim()) ? parts : rest;
  return all.map(({ kind, lines }) => ({ kind, source: trimmed(kind === 'text' ? lines.map(bare) : lines) }));
}

/** The program as text, from which `partsOf` makes the same cells. */
export function textOf(parts: Part[]): string {
  const [only] = parts;
  if (!only) return '';
  if (parts.length === 1 && only.kind === 'code' && !MARK.test(only.source)) return only.source;
  return `${parts.map(({ kind, source }) => (kind === 'text' ? `# %% [markdown]\n${commented(source)}` : `# %%\n${source}`)).join('\n\n')}\n`;
}

const bare = (line: string) => line.replace(/^# ?/, '');
const commented = (source: string) =>
  source
    .split('\n')
    .map((line) => `# ${line}`.trimEnd())
    .join('\n');
const trimmed = (lines: string[]) => lines.join('\n').replace(/^\n+|\s+$/g, '');

/**
 * The program of a file: of a notebook, else the text as it is.
 * @throws {SyntaxError} when it says it is a notebook and is none
 */
export function textOfFile(name: string, text: string): string {
  if (!name.toLowerCase().endsWith('.ipynb')) return text;
  const { cells } = JSON.parse(text);
  if (!Array.isArray(cells)) throw new SyntaxError('the notebook has no cells');
  return textOf(
    cells.map(({ cell_type: type, source }) => ({
      kind: type === 'code' ? 'code' : 'text',
      source: Array.isArray(source) ? source.join('') : String(source ?? ''),
    })),
  );
}

/** The program as a notebook of Jupyter, without what came of it. */
export function notebookOf(parts: Part[]): string {
  const cells = parts.map(({ kind, source }, i) => ({
    cell_type: kind === 'code' ? 'code' : 'markdown',
    id: `cell-${i + 1}`,
    metadata: {},
    ...(kind === 'code' ? { execution_count: null, outputs: [] } : {}),
    source: source.split(/(?<=\n)/),
  }));
  const metadata = {
    kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
    language_info: { name: 'python' },
  };
  return `${JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}
