/** SVG as PNG: a JSON list of {svg, path} comes in; the fonts are KaTeX's. */

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

const packages = new URL('../node_modules/', import.meta.url);
await initWasm(readFileSync(new URL('@resvg/resvg-wasm/index_bg.wasm', packages)));
const fontBuffers = ['Main-Regular', 'Main-Bold', 'Typewriter-Regular'].map((name) =>
  readFileSync(fileURLToPath(new URL(`katex/dist/fonts/KaTeX_${name}.ttf`, packages))),
);
for (const { svg, path } of JSON.parse(readFileSync(0, 'utf8')))
  writeFileSync(path, new Resvg(svg, { font: { fontBuffers, defaultFontFamily: 'KaTeX_Main' } }).render().asPng());
