/** The rooms of app/: which may import from which, that no files go round in a circle, and how long a file may be. */

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../app/', import.meta.url));
/** From the ground up: a room imports from itself and from those below it. What lies beside them starts the page. */
const FLOORS = ['engine', 'page', 'render', 'visit', 'ui', 'cell', ''];
const LINES = 400;

const paths = globSync('**/*.{js,mjs,ts,css,py}', { cwd: root }).map((path) => path.replaceAll('\\', '/'));
const sources = paths.filter((path) => !path.startsWith('generated/')).sort();
const read = (/** @type {string} */ path) => readFileSync(join(root, path), 'utf8');
const room = (/** @type {string} */ path) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '');

/** What a file names by a relative path, in code and in comments that hold types. @param {string} path */
function imports(path) {
  const found = read(path).matchAll(/\b(?:from|import)\b\s*\(?\s*['"](\.[^'"]*)['"]/g);
  return [...found].flatMap(([, name = '']) => {
    const target = normalize(join(dirname(path), name));
    return [target, `${target}.js`, `${target}.ts`, `${target}.d.ts`]
      .filter((file) => sources.includes(file))
      .slice(0, 1);
  });
}
const graph = new Map(sources.filter((path) => /\.m?[jt]s$/.test(path)).map((path) => [path, imports(path)]));

test('each room imports only from those below it', () => {
  for (const [path, targets] of graph) {
    assert.ok(FLOORS.includes(room(path)), `${path} lies in a room that is not drawn`);
    for (const target of targets) {
      const below = FLOORS.indexOf(room(target)) <= FLOORS.indexOf(room(path));
      assert.ok(below, `${path} imports ${target}, from a room above its own`);
    }
  }
  assert.deepEqual(new Set([...graph.keys()].map(room)), new Set(FLOORS));
});

test('no files import each other in a circle', () => {
  /** @type {Map<string, string[]>} */
  const left = new Map(graph);
  for (let more = true; more; ) {
    more = false;
    for (const [path, targets] of left) {
      if (targets.some((target) => left.has(target))) continue;
      left.delete(path);
      more = true;
    }
  }
  assert.deepEqual([...left.keys()], []);
});

test('no file is too long', () => {
  const long = sources.filter((path) => read(path).split('\n').length - 1 > LINES);
  assert.deepEqual(long, []);
});
