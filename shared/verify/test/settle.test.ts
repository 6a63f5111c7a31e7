import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judged, type Check } from '../compare/check.ts';
import { fault, pending } from '../compare/fault.ts';
import { openCookies } from '../drive/cookies.ts';
import { settle } from '../settle.ts';

const thing = { area: 'logs', name: 'Die rolled', subject: 'dice-roller log Die rolled' } as const;
const place = { ...thing, source: 'log file' };

/** A source whose readings come one after another; the last stays. An error is one that cannot be read. */
function sourceOf(...readings: (string | Error)[]) {
  let reads = 0;
  const read = async (): Promise<string> => {
    const reading = readings[Math.min(reads++, readings.length - 1)]!;
    if (reading instanceof Error) throw reading;
    return reading;
  };
  return { reads: () => reads, reader: { name: 'log file', patience: 2000, read } };
}

const faults = { missing: [pending('never-seen', {})], wrong: [fault('undeclared', {})], right: [] };
const compare = (seen: string): Check[] => [judged(place, faults[seen as keyof typeof faults], 'advice')];

async function outcome(source: ReturnType<typeof sourceOf>, patience = 60_000) {
  const [check] = await settle(thing, source.reader, compare, patience);
  return [check!.outcome, source.reads()];
}

test('what has not come yet is waited for', async () => {
  assert.deepEqual(await outcome(sourceOf('missing', 'missing', 'right')), ['passed', 3]);
});

test('what is wrong is not waited for, since it does not become right', async () => {
  assert.deepEqual(await outcome(sourceOf('wrong', 'right')), ['failed', 1]);
});

test('what does not come within the patience, the shorter of two, is a fault', async () => {
  assert.deepEqual(await outcome(sourceOf('missing', 'right'), 0), ['failed', 1]);
});

test('a source that cannot be read is asked again, and is a fault if that lasts', async () => {
  assert.deepEqual(await outcome(sourceOf(new Error('not yet'), 'right')), ['passed', 2]);
  const [check] = await settle(thing, sourceOf(new Error('no such file')).reader, compare, 0);
  assert.equal(check!.outcome, 'failed');
  assert.match(JSON.stringify(check!.faults), /no such file/);
});

test('cookies are kept and dropped as a browser would', () => {
  const { headers, keep } = openCookies();
  const answer = (...lines: string[]): void => {
    const response = new Response();
    for (const line of lines) response.headers.append('set-cookie', line);
    keep(response);
  };
  assert.deepEqual(headers(), {});
  answer('a=1; Path=/; HttpOnly', 'b=x=y');
  assert.deepEqual(headers(), { cookie: 'a=1; b=x=y' });
  answer('a=2');
  answer('b=; Max-Age=0');
  assert.deepEqual(headers(), { cookie: 'a=2' });
});
