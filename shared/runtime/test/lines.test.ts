import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { readLines } from '../run/lines.ts';

async function linesOf(...chunks: (string | Buffer)[]): Promise<string[]> {
  const stream = new PassThrough();
  const lines: string[] = [];
  readLines(stream, (line) => lines.push(line));
  for (const chunk of chunks) stream.write(chunk);
  await once(stream.end(), 'end');
  return lines;
}

test('a line is one line however it is cut, with either line end, and the last needs none', async () => {
  assert.deepEqual(await linesOf('o', 'ne\ntw', 'o\r', '\n\nfo', 'ur'), ['one', 'two', '', 'four']);
});

test('a character that comes in two parts is one', async () => {
  const bytes = Buffer.from('ü\n');
  assert.deepEqual(await linesOf(bytes.subarray(0, 1), bytes.subarray(1)), ['ü']);
});

test('a line that does not end is passed on in parts, and nothing of it is lost', async () => {
  const lines = await linesOf('x'.repeat(70_000), 'x'.repeat(70_000), '\nnext\n');
  assert.deepEqual([lines.join('').length, lines.at(-1)], [140_004, 'next']);
  assert.ok(lines.every((line) => line.length <= 64 * 1024));
});

test('a stream that breaks ends quietly', async () => {
  const stream = new PassThrough();
  readLines(stream, () => undefined);
  stream.destroy(new Error('broken pipe'));
  await turn();
});
