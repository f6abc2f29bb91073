import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notebookOf, partsOf, textOf, textOfFile } from '../../app/cell/notebook.ts';

const code = (/** @type {string} */ source) => ({ kind: /** @type {const} */ ('code'), source });
const text = (/** @type {string} */ source) => ({ kind: /** @type {const} */ ('text'), source });

test('a program without marks is one cell, as it is', () => {
  for (const program of ['', 'x = 1\n', '\n\nprint(1)', 'a = 5 # %% of it\n', '#%%timeit\nx'])
    assert.deepEqual(partsOf(program), [code(program)]);
});

test('marks begin cells', () => {
  const program = 'import numpy as np\n\n# %%\nx = 1\n\n# %% [markdown]\n# # Title\n#\n# A text.\n\n#%% The end\nx\n';
  assert.deepEqual(partsOf(program), [
    code('import numpy as np'),
    code('x = 1'),
    text('# Title\n\nA text.'),
    code('# The end\nx'),
  ]);
});

test('cells written down are the same cells again', () => {
  /** @type {import('../../app/cell/notebook.ts').Part[][]} */
  const notebooks = [
    [code('x = 1')],
    [code('x = 1'), code('y = 2\n\nprint(y)')],
    [text('# A title\n\n- one\n- two'), code('x = 1'), text('$x^2$ and `code`')],
    [text('only text')],
    [code(''), code('x = 1')],
  ];
  for (const parts of notebooks) assert.deepEqual(partsOf(textOf(parts)), parts);
});

test('a notebook of Jupyter comes and goes', () => {
  const parts = [text('A text.\n\nMore.'), code('x = 1\nx'), code('x + 1')];
  const file = notebookOf(parts);
  const read = JSON.parse(file);
  assert.equal(read.nbformat, 4);
  assert.deepEqual(read.cells[1].source, ['x = 1\n', 'x']);
  assert.deepEqual(partsOf(textOfFile('a.ipynb', file)), parts);
  assert.equal(textOfFile('a.py', 'x = 1'), 'x = 1');
});

test('a file that is no notebook says so', () => {
  assert.throws(() => textOfFile('a.ipynb', 'x = 1'), SyntaxError);
  assert.throws(() => textOfFile('a.ipynb', '{}'), SyntaxError);
});
