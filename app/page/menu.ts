/** One quiet button that holds what else can be done with a block. */

import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { html } from './html.ts';

/** What takes longer is said to be under way. */
const PATIENCE = 300;

/** `act` may give a promise; what it says is shown when it is done */
export type Item = { label: string; act: () => unknown };

export function Menu({
  of,
  items,
  label,
  waiting = 'Working…',
}: {
  /** what the menu belongs to */ of: string;
  items: Item[];
  /** what the button says; without it, it shows a sign */ label?: string;
  /** what is said while something takes long */ waiting?: string;
}) {
  const [open, setOpen] = useState(false);
  const [outcome, setOutcome] = useState('');
  const [busy, setBusy] = useState(false);
  const node = useRef(null as HTMLElement | null);
  const id = useId();
  useEffect(() => {
    const timer = outcome ? setTimeout(() => setOutcome(''), 4000) : undefined;
    return () => clearTimeout(timer);
  }, [outcome]);
  const said = busy ? waiting : outcome;
  const button = () => node.current?.querySelector('button') as HTMLElement | null;
  const choose = async ({ act }: Item) => {
    setOpen(false);
    button()?.focus();
    const late = setTimeout(() => setBusy(true), PATIENCE);
    try {
      setOutcome(String((await act()) ?? ''));
    } catch (error) {
      console.warn('Nabla: that did not work.', error);
      setOutcome('That did not work');
    } finally {
      clearTimeout(late);
      setBusy(false);
    }
  };
  const onKey = (event: KeyboardEvent) => {
    const buttons = [...((node.current?.querySelectorAll('.menu-items button') ?? []) as NodeListOf<HTMLElement>)];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    if (event.key === 'Escape' && open) {
      setOpen(false);
      button()?.focus();
      event.stopPropagation();
    } else if (open && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      buttons.at((at + (event.key === 'ArrowDown' ? 1 : at < 0 ? 0 : -1)) % buttons.length)?.focus();
    }
  };
  const onFocusOut = (event: FocusEvent) => {
    if (!node.current?.contains(event.relatedTarget as Node | null)) setOpen(false);
  };
  return html`<div class="menu" data-label=${Boolean(label)} ref=${node} onKeyDown=${onKey} onFocusOut=${onFocusOut}>
    <span class=${label ? 'unseen' : 'menu-outcome'} role="status">${said}</span>
    <button type="button" class="quiet" ...${label ? {} : { 'aria-label': `More: ${of}`, title: 'More' }} aria-expanded=${open}
      aria-controls=${id} onClick=${() => setOpen(!open)}>${label && (said || label)}</button>
    <div class="menu-items" role="group" aria-label=${of} id=${id} hidden=${!open}>${
      open && items.map((item) => html`<button type="button" onClick=${() => choose(item)}>${item.label}</button>`)
    }</div>
  </div>`;
}

/** Give the visitor a file. */
export function download(content: Blob | string, name: string, type: string = 'text/csv') {
  const blob = typeof content === 'string' ? new Blob([content], { type: `${type};charset=utf-8` }) : content;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return 'Saved';
}

/** A name for a file. */
export function fileName(title: string, ending: string) {
  const words = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
  return `nabla${words ? `-${words.slice(0, 40)}` : ''}.${ending}`;
}
