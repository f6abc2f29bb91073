/** One quiet button that holds what else can be done with a block. */

import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { html } from './html.js';

/** What takes longer is said to be under way. */
const PATIENCE = 300;

/**
 * @typedef {{label: string, act: () => unknown}} Item `act` may give a promise; what it says is shown when it is done
 */

/**
 * @param {object} props
 * @param {string} props.of what the menu belongs to
 * @param {Item[]} props.items
 * @param {string} [props.label] what the button says; without it, it shows a sign
 * @param {string} [props.waiting] what is said while something takes long
 */
export function Menu({ of, items, label, waiting = 'Working…' }) {
  const [open, setOpen] = useState(false);
  const [outcome, setOutcome] = useState('');
  const [busy, setBusy] = useState(false);
  const node = useRef(/** @type {HTMLElement | null} */ (null));
  const id = useId();
  useEffect(() => {
    const timer = outcome ? setTimeout(() => setOutcome(''), 4000) : undefined;
    return () => clearTimeout(timer);
  }, [outcome]);
  const said = busy ? waiting : outcome;
  const button = () => /** @type {HTMLElement | null} */ (node.current?.querySelector('button'));
  /** @param {Item} item */
  const choose = async ({ act }) => {
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
  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    const buttons = [
      .../** @type {NodeListOf<HTMLElement>} */ (node.current?.querySelectorAll('.menu-items button') ?? []),
    ];
    const at = buttons.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    if (event.key === 'Escape' && open) {
      setOpen(false);
      button()?.focus();
      event.stopPropagation();
    } else if (open && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      buttons.at((at + (event.key === 'ArrowDown' ? 1 : at < 0 ? 0 : -1)) % buttons.length)?.focus();
    }
  };
  /** @param {FocusEvent} event */
  const onFocusOut = (event) => {
    if (!node.current?.contains(/** @type {Node | null} */ (event.relatedTarget))) setOpen(false);
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

/** Give the visitor a file. @param {Blob | string} content @param {string} name @param {string} [type] */
export function download(content, name, type = 'text/csv') {
  const blob = typeof content === 'string' ? new Blob([content], { type: `${type};charset=utf-8` }) : content;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return 'Saved';
}

/** A name for a file. @param {string} title @param {string} ending */
export function fileName(title, ending) {
  const words = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
  return `nabla${words ? `-${words.slice(0, 40)}` : ''}.${ending}`;
}
