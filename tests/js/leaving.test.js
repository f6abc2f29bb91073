import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileName } from '../../app/page/menu.ts';
import { embedAddress, embedCode } from '../../app/ui/embed_code.ts';
import { embedding } from '../../app/visit/embedding.ts';
import { PLACES, tooSmall } from '../../app/visit/link_limits.ts';

const LINK = 'https://example.org/nabla/#/derive?f=x^2&wrt=x';

test('what an address asks for that is to be embedded', () => {
  assert.equal(embedding(''), null);
  assert.equal(embedding('?theme=dark'), null);
  assert.deepEqual(embedding('?embed'), { theme: 'system' });
  assert.deepEqual(embedding('?embed&theme=dark'), { theme: 'dark' });
  assert.deepEqual(embedding('?theme=light&embed=1'), { theme: 'light' });
  assert.deepEqual(embedding('?embed&theme=auto'), { theme: 'system' });
  assert.deepEqual(embedding('?embed&theme="><script>'), { theme: 'system' });
});

test('the embedded address keeps the question', () => {
  assert.equal(embedAddress(LINK, 'auto'), 'https://example.org/nabla/?embed#/derive?f=x^2&wrt=x');
  assert.equal(embedAddress(LINK, 'dark'), 'https://example.org/nabla/?embed&theme=dark#/derive?f=x^2&wrt=x');
});

test('the code to embed is one frame that nothing breaks out of', () => {
  const title = '" onload="alert(1) <b & more';
  const code = embedCode({ link: LINK, title, theme: 'light', height: 480, follow: false });
  assert.match(code, /^<iframe [^<>]*><\/iframe>$/);
  assert.ok(code.includes('title="&quot; onload=&quot;alert(1) &lt;b &amp; more"'));
  assert.equal(code.match(/"/g)?.length, 14, 'seven attributes, each between two quotes');
  assert.ok(code.includes('?embed&amp;theme=light#/derive?f=x^2&amp;wrt=x') && code.includes('height="480"'));
  assert.ok(embedCode({ link: LINK, title, theme: 'auto', height: 480, follow: true }).includes('</script>'));
});

test('places that a link is too long for', () => {
  assert.deepEqual(tooSmall(600), []);
  assert.deepEqual(
    tooSmall(2001).map(([place]) => place),
    ['Stack Exchange (comment)', 'Discord'],
  );
  assert.equal(tooSmall(100_000).length, PLACES.length);
  const limits = PLACES.map(([, limit]) => limit);
  assert.deepEqual(
    limits,
    [...limits].sort((a, b) => a - b),
    'from the smallest on',
  );
});

test('names of files', () => {
  assert.equal(fileName('Dérivée de (w x - y)²', 'ipynb'), 'nabla-derivee-de-w-x-y-2.ipynb');
  assert.equal(fileName('', 'csv'), 'nabla.csv');
});
