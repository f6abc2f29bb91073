/** A graph, drawn by what is loaded with the first one. */

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Graph } from '../../generated/types';
import { html } from '../../page/html.ts';
import { Prose } from '../formula/prose.ts';
import { useLazy } from '../lazy.ts';

let loaded: typeof import('./view.ts') | null = null;

export function GraphView({ block }: { block: Graph }) {
  const [drawing, setDrawing] = useState(loaded);
  const [failure, setFailure] = useState('');
  const place = useRef(null as HTMLElement | null);
  const near = useLazy(place);
  useEffect(() => {
    if (drawing || !near) return;
    import('./view.ts').then(
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
