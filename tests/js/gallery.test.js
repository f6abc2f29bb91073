import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decodeLink } from '../../app/visit/link.ts';

/** @param {string} path */
const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const { labs } = read('../../app/generated/schema.json');

for (const { name, lab, link } of read('../../app/generated/gallery.json')) {
  test(`gallery: the link of ${name} gives its inputs`, async () => {
    const { inputs } = read(`../golden/${name}.json`);
    assert.deepEqual(await decodeLink(link, labs), { lab, inputs, problems: [] });
  });
}
