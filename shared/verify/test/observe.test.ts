import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseContract } from '../contract/contract.ts';
import { observeSeparation, observeUsage, type UsageReaders } from '../observe-usage.ts';
import { readersOf } from '../observe.ts';
import { runChild } from '../stage/run-child.ts';
import type { RunningStage } from '../stage/running-stage.ts';
import { outcomes } from './observations.ts';

const here = 'http://127.0.0.1:1';

suite('telemetry is read', () => {
  const namesOf = (running: string[], more: Partial<RunningStage> = {}) => {
    const backEnd = (name: string) => (running.includes(name) ? { url: here } : { missing: `${name} is down` });
    const stage = { backEnd, services: [{ name: 'dice', url: here }], jobs: ['seed'], since: 0, ...more };
    const { metrics, logs, spans } = readersOf(stage as unknown as RunningStage);
    const name = (reader: { name: string }) => ('missing' in reader ? `no ${reader.name}` : reader.name);
    return {
      metrics: metrics.map(({ reader }) => name(reader)),
      logs: logs.map(({ reader }) => name(reader)),
      spans: name(spans),
    };
  };

  test('from the back ends where they run and are fed', () => {
    const all = ['prometheus', 'loki', 'tempo', 'otel-collector'];
    assert.deepEqual(namesOf(all, { receiver: here, logFile: () => 'a.log' }), {
      ...{ metrics: ['/metrics', 'Prometheus'], logs: ['Loki', 'Loki'], spans: 'Tempo' },
    });
  });

  test('from what the native runtime has where the collector is down, and else nowhere', () => {
    const fed = ['loki', 'tempo'];
    const { spans, logs } = namesOf(fed, { receiver: here, logFile: () => 'a.log' });
    assert.deepEqual([spans, logs], ['receiver', ['log file', 'log file']]);
    assert.deepEqual(namesOf(fed), {
      metrics: ['/metrics', 'no Prometheus'],
      logs: ['no Loki', 'no Loki'],
      spans: 'no Tempo',
    });
  });
});

suite('usage', () => {
  const contract = parseContract(`
services:
  dice: { usage: [{ message: Usage, level: INFO, fields: { event: roll, usage: true } }] }
  quiet: {}
`);
  const lines = (...seen: string[]) => ({ name: 'Loki', patience: 0, read: async () => seen });
  const readers = (...seen: string[]): UsageReaders => ({
    logs: ['dice', 'quiet'].map((service) => ({ service, reader: lines(...seen) })),
  });

  test('must have a separate file where a service tracks it, and need not where none does', async () => {
    const [check] = await observeUsage(contract, { logs: [] }, 0);
    assert.notEqual(check!.outcome, 'passed');
    assert.deepEqual(await observeUsage(parseContract('services: { quiet: {} }'), { logs: [] }, 0), []);
  });

  test('must not be among the log lines of a service that tracks it', async () => {
    const seen = async (line: string) => outcomes(await observeSeparation(contract, readers(line), 0));
    assert.deepEqual(await seen('{"message":"Die rolled"}'), { 'dice logs without usage': 'passed' });
    assert.deepEqual(await seen('{"event":"roll","usage":true}'), { 'dice logs without usage': 'failed' });
  });
});

test("a program's output is returned, and what it printed last is why it failed", async () => {
  const node = (script: string) =>
    runChild(process.execPath, ['-e', script], { directory: '/', environment: { A: 'b' }, patience: 30_000 });
  assert.equal(await node('console.error("not this"); console.log(process.env.A, process.cwd())'), 'b /\n');
  const failing = node('console.log("1\\n2\\n3"); console.error("4\\n5\\n6"); process.exit(1)');
  await assert.rejects(failing, /: 3\n\n4\n5\n6$/);
  await assert.rejects(
    runChild('/no/such/program', [], { directory: '/', patience: 30_000 }),
    /\/no\/such\/program.*ENOENT/,
  );
  const slow = runChild(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { directory: '/', patience: 100 });
  await assert.rejects(slow, /took longer than 0\.1 s$/);
});
