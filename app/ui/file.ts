/** Data from a file, chosen or dropped; and data too long to edit, summarised instead of shown. */

import { useRef, useState } from 'preact/hooks';
import type { Field } from '../generated/types';
import { html } from '../page/html.ts';
import type { Session } from '../visit/session.ts';
import type { NamedFile } from './files.ts';
import { ACCEPTED, BINARY, isBinary } from './files.ts';

/** From here on a text is no longer put into an editor: browsers take seconds for each key. */
const TOO_LONG_TO_EDIT = 300_000;
/** The reader's own limit is one of characters, and data are ASCII. */
const LARGEST = 48_000_000;
const HEAD = 5;

/** How texts begin that carry a file which is no text. */
const CARRIED = [BINARY, 'npz:'];
const isCarried = (value: string) => CARRIED.some((sign) => value.startsWith(sign));

/** @param value whether an editor is no place for it */
export const isUneditable = (value: string) => value.length > TOO_LONG_TO_EDIT || isCarried(value);

/** A file that is not text, as text. */
async function packed(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (let start = 0; start < bytes.length; start += 32768)
    binary += String.fromCharCode(...bytes.subarray(start, start + 32768));
  return BINARY + btoa(binary);
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

/**
 * What takes files: `drop` are the properties of what they may be dropped on.
 * @param give gets those that can be read
 */
export function useFile(give: (files: NamedFile[]) => void) {
  const [problem, setProblem] = useState('');
  const [over, setOver] = useState(false);
  const take = async (files: ArrayLike<File>) => {
    setOver(false);
    setProblem('');
    const problems: string[] = [];
    const read: NamedFile[] = [];
    for (const file of Array.from(files)) {
      const name = file.name.replace(/[<>\n]/g, '_');
      if (file.size > LARGEST) {
        problems.push(
          `${name} has ${megabytes(file.size)}; at most ${megabytes(LARGEST)} are read. Take every second row, or fewer columns.`,
        );
        continue;
      }
      const text = isBinary(name) ? await packed(file) : await file.text();
      if (text.includes('\0')) problems.push(`${name} is not a text file. Save the table as CSV.`);
      else read.push({ name, text });
    }
    setProblem(problems.join(' '));
    if (read.length > 0) give(read);
  };
  const drop = {
    'data-over': over || undefined,
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      take(event.dataTransfer.files);
    },
  };
  return { take, drop, problem };
}

export function FileButton({
  label,
  take,
  problem,
  several = false,
}: {
  label: string;
  take: (files: ArrayLike<File>) => void;
  problem: string;
  several?: boolean;
}) {
  const input = useRef(null as HTMLInputElement | null);
  const chosen = (event: any) => {
    take(Array.from(event.currentTarget.files as FileList));
    // The same file again, after it was changed, is a change too.
    event.currentTarget.value = '';
  };
  return html`<div class="file">
    <input type="file" ref=${input} hidden multiple=${several} accept=${`${ACCEPTED},text/*`} onChange=${chosen} aria-label=${`A file for ${label}`} />
    <button type="button" class="quiet" onClick=${() => input.current?.click()}>${several ? 'Add files' : 'Choose a file'}</button>
    <span class="hint">or drop ${several ? 'them' : 'one'} here</span>
    ${problem && html`<p class="field-error" role="alert">${problem}</p>`}
  </div>`;
}

/** The files that stand behind what is typed, each with a way to take it away. */
export function FileList({ files, remove }: { files: NamedFile[]; remove: (name: string) => void }) {
  if (files.length === 0) return null;
  return html`<ul class="files" aria-label="Files">${files.map(
    ({ name, text }) => html`<li key=${name}><code>${name}</code>
      <span class="hint">${isCarried(text) ? size((text.length * 3) / 4) : size(text.length)}</span>
      <button type="button" class="link" aria-label=${`Remove ${name}`} onClick=${() => remove(name)}>Remove</button></li>`,
  )}</ul>`;
}

const size = (bytes: number) => (bytes < 1e5 ? `${Math.max(bytes / 1e3, 0.1).toFixed(1)} kB` : megabytes(bytes));

export function LongText({ id, field, value, session }: { id: string; field: Field; value: string; session: Session }) {
  if (isCarried(value))
    return html`<div class="long-text" id=${id} tabindex="0" role="group" aria-label=${`${field.label}, a file of arrays`}>
      <p>A file of arrays, ${megabytes((value.length * 3) / 4)}.
        <button type="button" class="link" onClick=${() => session.apply({ [field.name]: '' })}>Remove</button></p>
    </div>`;
  let end = -1;
  for (let line = 0; line < HEAD && (line === 0 || end >= 0); line++) end = value.indexOf('\n', end + 1);
  let lines = 1;
  for (let at = value.indexOf('\n'); at >= 0; at = value.indexOf('\n', at + 1)) lines++;
  const head = value.slice(0, Math.min(end < 0 ? 400 : end, 400));
  return html`<div class="long-text" id=${id} tabindex="0" role="group" aria-label=${`${field.label}, too long to edit here`}>
    <pre>${head}\n…</pre>
    <p>${lines.toLocaleString('en')} lines, ${megabytes(value.length)}, too long to edit here.
      <button type="button" class="link" onClick=${() => session.apply({ [field.name]: '' })}>Remove</button></p>
  </div>`;
}
