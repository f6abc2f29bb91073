import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBinary, joined, split, withFiles } from '../../app/ui/files.ts';

const DATA = { name: 'data.csv', text: 't,y\n0,1\n' };
const OTHER = { name: 'other.npy', text: 'base64:AAAA' };
const PROGRAM = { name: 'fit.py', text: 'import numpy\n' };

test('what is put together is taken apart as it was', () => {
  for (const typed of ['', 'why?', 'why?\n', 'why?\n\n', '\n', 'a\n\nb', '==> is no head'])
    for (const files of [[], [DATA], [DATA, PROGRAM], [PROGRAM, { name: 'empty.txt', text: '' }]])
      assert.deepEqual(split(joined(typed, files)), { typed, files });
  // Base64 ends with a line end of its own.
  assert.equal(split(joined('x', [OTHER, DATA])).files[0]?.text.trim(), OTHER.text);
});

test('a text keeps what was pasted into it', () => {
  const pasted = 'Why?\n\n==> a.csv <==\n1,2\n\n==> b.csv <==\n3,4\n';
  const { typed, files } = split(pasted);
  assert.equal(joined(typed, files), pasted);
  assert.deepEqual(
    files.map(({ name }) => name),
    ['a.csv', 'b.csv'],
  );
});

test('files go behind what is typed, one of each name; a first program is there to be written in', () => {
  assert.equal(withFiles('why?', [DATA]), 'why?\n==> data.csv <==\nt,y\n0,1\n');
  const changed = { name: 'data.csv', text: 't,y\n5,6\n' };
  assert.deepEqual(split(withFiles(joined('why?', [DATA, PROGRAM]), [changed])).files, [PROGRAM, changed]);
  assert.equal(withFiles('', [PROGRAM]), PROGRAM.text);
  assert.deepEqual(split(withFiles('', [PROGRAM, DATA])), { typed: PROGRAM.text, files: [DATA] });
  assert.deepEqual(split(withFiles('mine', [PROGRAM])).files, [PROGRAM]);
});

test('the kinds that are no text are known by their ends', () => {
  for (const name of ['a.npy', 'B.NPZ', 'c.mat', 'd.nc', 'e.wav']) assert.ok(isBinary(name));
  for (const name of ['a.csv', 'npy', 'mat.txt']) assert.ok(!isBinary(name));
});
