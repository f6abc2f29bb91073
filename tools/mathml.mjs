/** LaTeX as MathML: a JSON list of [tex, whether it is displayed] comes in, a JSON list of MathML goes out. */

import { readFileSync } from 'node:fs';
import katex from 'katex';

const asked = JSON.parse(readFileSync(0, 'utf8'));
const made = asked.map(([tex, displayMode]) => {
  const markup = katex.renderToString(tex, { output: 'mathml', displayMode, throwOnError: true, strict: 'ignore' });
  return markup.slice(markup.indexOf('<math'), markup.lastIndexOf('</math>') + 7);
});
process.stdout.write(JSON.stringify(made));
