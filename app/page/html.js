/** Preact's `h` behind tagged templates: markup without a compiler, and never HTML from strings. */

import htm from 'htm';
import { h } from 'preact';

/** @type {(strings: TemplateStringsArray, ...values: any[]) => any} */
export const html = htm.bind(h);
