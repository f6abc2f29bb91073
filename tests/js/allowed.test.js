import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filesOfPython } from '../../app/cell/allowed.ts';

const HOME = 'https://example.org/nabla/';
const snapshot = {
  file: 'snapshot-1.bin',
  core: { file: 'pyodide.asm.wasm' },
  decoder: { file: 'zstd-1.wasm' },
  labs: { file: 'labs-1.bin' },
  sideModules: [{ file: '_a-1.so.wasm' }, { file: '_b-1.so.wasm' }],
};
const python = {
  base: 'python/314/',
  nabla: 'python/nabla-1.zip',
  files: { 'python/nabla-1.zip': 1, 'python/314/sympy.whl': 2, 'python/314/pyodide-lock.json': 3 },
  snapshot,
};
const build = /** @type {any} */ ({ python, cell: { frame: 'cell.html', worker: 'w.js' } });
const addressOf = filesOfPython(build, HOME, ['micropip.whl']);

test('the sandbox may have what Python is made of', () => {
  const names = ['nabla-1.zip', '314/sympy.whl', '314/pyodide.mjs', '314/pyodide.asm.wasm', '314/micropip.whl'];
  for (const name of [...names, '314/_b-1.so.wasm', '314/snapshot-1.bin', '314/zstd-1.wasm'])
    assert.equal(addressOf(`python/${name}`), `${HOME}python/${name}`);
});

/** Ways to say "one folder up", and what else the parser of addresses understands. */
const UP = ['..', '%2e%2e', '.%2e', '%2E.', '.\t.', '.\n.', '\t..', '%2e%2e\\', '..\\', '%252e%252e', '..;', '．．'];
const MORE = [
  '//other.org/a',
  'https://other.org/a',
  'javascript:0',
  'data:,a',
  'blob:a',
  '?a',
  '#a',
  ' ',
  '\0',
  '\\\\other.org\\a',
];

test('and nothing else, however it is spelt', () => {
  const wanted = UP.flatMap((up) => [1, 2, 3, 4].map((count) => `python/314/${`${up}/`.repeat(count)}private`));
  for (const name of ['python/nabla-1.zip', 'python/314/sympy.whl'])
    for (const more of MORE) wanted.push(name + more, more + name, more, `python/314/${more}`);
  wanted.push('', '/', 'index.html', 'sw.js', 'cell.html', 'w.js', 'python/', 'python/314/', 'PYTHON/nabla-1.zip');
  wanted.push(
    '/nabla/python/nabla-1.zip',
    `${HOME}python/nabla-1.zip`,
    'python/314/./sympy.whl',
    'python/%33%31%34/sympy.whl',
  );
  wanted.push('__proto__', 'constructor', 'toString', 'python/314/toString');
  for (const path of wanted) assert.equal(addressOf(path), null, path);
});
