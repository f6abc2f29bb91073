/** Preact's `h` behind tagged templates: markup without a compiler, and never HTML from strings. */

import htm from 'htm';
import { h } from 'preact';

export const html: (strings: TemplateStringsArray, ...values: any[]) => any = htm.bind(h);
