/** A graph, drawn by what is loaded with the first one. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from '../../page/html.js';
import { Prose } from '../formula/prose.js';
import { useNear } from '../near.js';

/** @typedef {import('../../generated/types').Graph} Graph */

/** @type {typeof import('./view.js') | null} */
let loaded = null;

/** @param {{block: Graph}} props */
export function GraphView({ block }) {
  const [drawing, setDrawing] = useState(loaded);
  const [failure, setFailure] = useState('');
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const near = useNear(place);
  useEffect(() => {
    if (drawing || !near) return;
    import('./view.js').then(
      (module) => {
        loaded = module;
        setDrawing(module);
      },
      (error) => setFailure(`The graph could not be drawn: ${error.message}`),
    );
  }, [near]);
  return html`<figure class="graph" ref=${place}>
    ${block.title && html`<p class="label"><${Prose} text=${block.title} /></p>`}
    ${drawing ? html`<${drawing.GraphBoard} block=${block} />` : html`<div class="graph-scroll" data-waiting>${failure}</div>`}
    <figcaption><${Prose} text=${block.summary} /></figcaption>
  </figure>`;
}
