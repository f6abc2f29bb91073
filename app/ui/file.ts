/** Data from a file, chosen or dropped; and data too long to edit, summarised instead of shown. */

import { useRef, useState } from 'preact/hooks';
import type { Field } from '../generated/types';
import { html } from '../page/html.ts';
import type { Session } from '../visit/session.ts';

/** From here on a text is no longer put into an editor: browsers take seconds for each key. */
const TOO_LONG_TO_EDIT = 300_000;
/** The reader's own limit is one of characters, and data are ASCII. */
const LARGEST = 48_000_000;
const HEAD = 5;

/** What read/archive.py takes for an archive of arrays. */
const ARCHIVE = 'npz:';

/** @param value whether an editor is no place for it */
export const isUneditable = (value: string) => value.length > TOO_LONG_TO_EDIT || value.startsWith(ARCHIVE);

/** A file that is not text, as text. */
async function packed(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (let start = 0; start < bytes.length; start += 32768)
    binary += String.fromCharCode(...bytes.subarray(start, start + 32768));
  return ARCHIVE + btoa(binary);
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

/**
 * What takes files: `drop` are the properties of what they may be dropped on.
 * @param give gets the text
 */
export function useFile(give: (text: string) => void) {
  const [problem, setProblem] = useState('');
  const [over, setOver] = useState(false);
  const take = async (file: File | undefined | null) => {
    setOver(false);
    if (!file) return;
    setProblem('');
    if (file.size > LARGEST) {
      setProblem(
        `${file.name} has ${megabytes(file.size)}; at most ${megabytes(LARGEST)} are read. Take every second row, or fewer columns.`,
      );
      return;
    }
    const archive = file.name.toLowerCase().endsWith('.npz');
    const text = archive ? await packed(file) : await file.text();
    if (text.includes('\0')) setProblem(`${file.name} is not a text file. Save the table as CSV.`);
    else give(text);
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
      take(event.dataTransfer.files[0]);
    },
  };
  return { take, drop, problem };
}

export function FileButton({
  label,
  take,
  problem,
}: {
  label: string;
  take: (file: File | undefined) => void;
  problem: string;
}) {
  const input = useRef(null as HTMLInputElement | null);
  const chosen = (event: any) => {
    take(event.currentTarget.files[0]);
    // The same file again, after it was changed, is a change too.
    event.currentTarget.value = '';
  };
  return html`<div class="file">
    <input type="file" ref=${input} hidden accept=".csv,.tsv,.txt,.dat,.asc,.npz,text/*" onChange=${chosen} aria-label=${`A file for ${label}`} />
    <button type="button" class="quiet" onClick=${() => input.current?.click()}>Choose a file</button>
    <span class="hint">or drop one here</span>
    ${problem && html`<p class="field-error" role="alert">${problem}</p>`}
  </div>`;
}

export function LongText({ id, field, value, session }: { id: string; field: Field; value: string; session: Session }) {
  if (value.startsWith(ARCHIVE))
    return html`<div class="long-text" id=${id} tabindex="0" role="group" aria-label=${`${field.label}, a file of arrays`}>
      <p>An archive of arrays, ${megabytes((value.length * 3) / 4)}.
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
