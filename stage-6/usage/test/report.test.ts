import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';

interface Event {
  event: string;
  user?: string;
  [field: string]: unknown;
}

const signIn = (user: string): Event => ({ event: 'sign-in', user });
const run = (user: string, die_type: string, times = 1, backend_status = 200): Event => ({
  ...{ event: 'run', user, die_type, times, backend_status },
});

// As the collector writes them, a second after the ones before.
function linesOf(events: Event[], second = 0): string {
  const timestamp = new Date(Date.UTC(2026, 10, 21, 9, 0, second)).toISOString();
  const base = { timestamp, level: 'INFO', message: 'Usage', usage: true };

  return events.map((event) => `${JSON.stringify({ ...base, ...event })}\n`).join('');
}

function folderWith(t: TestContext, files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'usage-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);

  return folder;
}

// As its container does.
async function startReport(USAGE_DIR: string) {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, ['report.ts'], {
    cwd: new URL('..', import.meta.url),
    env: { PATH, NODE_COMPILE_CACHE, USAGE_DIR },
  });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);

  return { code, lines: output.trimEnd().split('\n'), errors };
}

let reports = 0;

// In the test's own process, which costs far less than a start. A new query runs the program again.
async function report(t: TestContext, folder: string) {
  const { mock } = t.mock.method(console, 'log', () => {});
  process.env.USAGE_DIR = folder;
  await import(`../report.ts?${++reports}`);
  const output = mock.calls.map((call) => `${call.arguments[0]}`).join('\n');
  mock.restore();

  return { code: process.exitCode ?? 0, lines: output.split('\n') };
}

const reportOf = (t: TestContext, ...events: Event[]) => report(t, folderWith(t, { 'usage.jsonl': linesOf(events) }));

test('sign-ins and runs are counted by user and die, most runs first, with the period', async (t) => {
  const { code, lines } = await startReport(
    folderWith(t, {
      'usage.jsonl': linesOf([signIn('Bo'), run('Bo', 'fair', 10), run('Bo', 'fair', 1, 500)], 100),
      'usage-2026-11-21T09-00-59.000-size.jsonl':
        linesOf([signIn('Ada'), signIn('Bo')]) + linesOf([run('Ada', 'risky')], 59),
      'other.jsonl': 'not ours',
    }),
  );

  assert.equal(code, 0);
  assert.deepEqual(lines, [
    'Usage from 2026-11-21 09:00:00 to 2026-11-21 09:01:40 UTC. Under each die: runs (dice rolled).',
    '┌───────┬──────────┬──────┬────────┬───────┬────────┐',
    '│ user  │ sign-ins │ runs │   fair │ risky │ failed │',
    '├───────┼──────────┼──────┼────────┼───────┼────────┤',
    '│ Bo    │        2 │    2 │ 2 (10) │ 0 (0) │      1 │',
    '│ Ada   │        1 │    1 │  0 (0) │ 1 (1) │      0 │',
    '│ TOTAL │        3 │    3 │ 2 (10) │ 1 (1) │      1 │',
    '└───────┴──────────┴──────┴────────┴───────┴────────┘',
  ]);
});

test('a line that the collector has not finished is skipped, and said to be', async (t) => {
  const whole = linesOf([signIn('Ada')]);
  const { code, lines } = await report(t, folderWith(t, { 'usage.jsonl': whole + whole.slice(0, 90) }));

  assert.equal(code, 0);
  assert.match(lines[4], /^│ Ada +│ +1 │ +0 │/);
  assert.equal(lines.at(-1), 'Skipped 1 line that could not be read.');
});

test('the event behind one that the collector could not finish is counted', async (t) => {
  const whole = linesOf([signIn('{"timestamp":')]);
  const torn = [whole.slice(0, 90), whole.slice(0, 20), whole.trimEnd(), whole].join('');
  const { lines } = await report(t, folderWith(t, { 'usage.jsonl': `${torn}\n${whole}` }));

  assert.match(lines[4], /^│ \{"timestamp": +│ +3 │ +0 │/);
  assert.equal(lines.at(-1), 'Skipped 2 lines that could not be read.');
});

for (const line of ['null', '5', '"x"', '{}', '[]', 'not JSON', '{"resourceLogs":[]}']) {
  test(`the line ${line} is skipped, and said to be`, async (t) => {
    const whole = linesOf([signIn('Ada')]);
    const { code, lines } = await report(t, folderWith(t, { 'usage.jsonl': `${whole}${line}\n${whole}` }));

    assert.equal(code, 0);
    assert.match(lines[4], /^│ Ada +│ +2 │ +0 │/);
    assert.equal(lines.at(-1), 'Skipped 1 line that could not be read.');
  });
}

test('after an event of this moment it says that others may be on their way, and later it does not', async (t) => {
  const now = await reportOf(t, { ...signIn('Ada'), timestamp: new Date().toISOString() });
  const then = await reportOf(t, signIn('Ada'));

  assert.equal(now.lines.at(-1), 'The latest events may still be on their way. Run this again.');
  assert.match(then.lines.at(-1)!, /^└/);
});

const unknown: [kind: string, event: Event][] = [
  ['of another kind', { event: 'sign-out', user: 'Ada' }],
  ['without a user', { event: 'sign-in' }],
  ['with a number for a user', { event: 'sign-in', user: 5 as never }],
  ['without a time', { ...signIn('Ada'), timestamp: undefined }],
  ['with something else for a time', { ...signIn('Ada'), timestamp: 'today' }],
  ['without a die', { event: 'run', user: 'Ada', times: 1, backend_status: 200 }],
  ['without a number of rolls', { event: 'run', user: 'Ada', die_type: 'fair', backend_status: 200 }],
  ['with a text for it', { event: 'run', user: 'Ada', die_type: 'fair', times: '3', backend_status: 200 }],
];

for (const [kind, event] of unknown) {
  test(`an event ${kind} is skipped, and said to be`, async (t) => {
    const { lines } = await reportOf(t, run('Ada', 'fair', 3), event);

    assert.match(lines[5], /^│ TOTAL │ +0 │ +1 │ 1 \(3\) │ +0 │$/);
    assert.equal(lines.at(-1), 'Skipped 1 line that could not be read.');
  });
}

test('a run that failed needs no number of rolls', async (t) => {
  const { lines } = await reportOf(t, { event: 'run', user: 'Ada', die_type: 'fair', backend_status: 400 });

  assert.match(lines[4], /^│ Ada +│ +0 │ +1 │ 1 \(0\) │ +1 │$/);
});

test('names cannot move the cursor, hide, or turn text around', async (t) => {
  const { lines } = await reportOf(
    t,
    signIn('a\u001b[2Jb\u0007'),
    signIn('\u202eabc'),
    signIn('a\u200bb\ud800'),
    run('x', '\r'),
  );
  const output = lines.join('\n');

  assert.doesNotMatch(output, /(?!\n)[\p{C}]/u);
  for (const shown of ['a\\u{1b}[2Jb\\u{7}', '\\u{202e}abc', 'a\\u{200b}b\\u{d800}', '\\u{d}']) {
    assert.ok(output.includes(shown), shown);
  }
});

test('a long name is cut, but never inside a letter', async (t) => {
  const { lines } = await reportOf(t, ...['x', '山', 'e\u0301', '👩‍💻'].map((letter) => signIn(letter.repeat(30))));

  for (const letter of ['x', '山', 'e\u0301', '👩‍💻']) {
    assert.ok(
      lines.some((line) => line.startsWith(`│ ${letter.repeat(23)}… `)),
      letter,
    );
  }
});

test('of thousands of users, and of many dice, the first are shown and all are summed', async (t) => {
  const users = Array.from({ length: 3000 }, (_, number) => `user ${number}`);
  const dice = Array.from({ length: 9 }, (_, number) => run('busy', `die ${number}`));
  const { lines } = await reportOf(t, ...users.map(signIn), ...dice);

  assert.equal(lines.length, 1 + 3 + 20 + 2 + 2);
  assert.match(lines[4], /^│ busy +│ +0 │ +9 │/);
  assert.match(lines[24], /^│ TOTAL +│ +3000 │ +9 │/);
  assert.equal(lines[26], '… and 2981 more users, included in the total');
  assert.equal(lines[27], '… and 4 more dice, included in the number of runs');
});

test('a user may have the name of anything', async (t) => {
  const { lines } = await reportOf(t, signIn('__proto__'), signIn('TOTAL'), signIn('constructor'));

  assert.match(lines.at(-2)!, /^│ TOTAL +│ +3 │ +0 │/);
});

test('without any usage it says what to do', async (t) => {
  const { code, lines } = await report(t, folderWith(t, {}));

  assert.equal(code, 0);
  assert.match(lines[0], /^No usage yet\. Sign in on the page, roll a die, and run this again\.$/);
});

test('a folder that does not exist is an error', async () => {
  const { code, errors } = await startReport('/nowhere');

  assert.equal(code, 1);
  assert.match(
    errors,
    /^Cannot read usage from \/nowhere: ENOENT.* Set USAGE_DIR to the folder the collector writes to\./,
  );
});
