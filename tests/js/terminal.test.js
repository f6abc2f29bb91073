import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overwritten, runsOf } from '../../app/cell/terminal.ts';

test('a carriage return begins the line anew', () => {
  assert.equal(overwritten('10 %\r20 %\r100 %\ndone'), '100 %\ndone');
  assert.equal(overwritten('longer\rab'), 'abnger');
  assert.equal(overwritten('a\r\nb'), 'a\nb');
  // What comes in pieces comes to the same.
  assert.equal(overwritten(`${overwritten('first\r10 %\r')}20 %\r`), '20 %t\r');
  assert.equal(overwritten(`${overwritten('one')}\rtwo`), 'two');
  assert.deepEqual(runsOf('20 %\r'), [{ text: '20 %', styles: [] }]);
});

test('colours are styles, and other sequences are left out', () => {
  assert.deepEqual(runsOf('a\u001b[31mred\u001b[1m bold\u001b[0m b\u001b[2K'), [
    { text: 'a', styles: [] },
    { text: 'red', styles: ['red'] },
    { text: ' bold', styles: ['red', 'bold'] },
    { text: ' b', styles: [] },
  ]);
  assert.deepEqual(runsOf('\u001b[92mg\u001b[39mp'), [
    { text: 'g', styles: ['green'] },
    { text: 'p', styles: [] },
  ]);
});
