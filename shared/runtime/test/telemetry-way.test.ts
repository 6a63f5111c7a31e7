import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { FluentServer } from '@fluent-org/logger';
import { freePorts } from '../free-ports.ts';
import type { Plan } from '../plan/plan.ts';
import type { Line } from '../run/lines.ts';
import { openTelemetryWay, type TelemetryWay } from '../run/telemetry-way.ts';
import { get } from './open-receiver.ts';

const line = (service: string, text: string): Line => ({ service, source: 'stdout', text, time: new Date() });
const usage = '{"usage":true,"user":"ann"}';

/** The way of a stage whose service `web` forwards its lines, and whose `database` does not. */
async function wayOf(t: TestContext, more: Partial<Plan>): Promise<TelemetryWay> {
  const services = [
    { name: 'web', containerName: 'stage-x-web', forwarded: true },
    { name: 'database', containerName: 'database', forwarded: false },
  ];
  const way = await openTelemetryWay({ stage: 'stage-x', services, targets: [], ...more } as unknown as Plan);
  t.after(way.close);
  return way;
}

function usageFile(t: TestContext): NonNullable<Plan['usage']> {
  const folder = mkdtempSync(join(tmpdir(), 'way-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return { path: join(folder, 'usage.jsonl'), megabytes: 1, backups: 1, days: 0 };
}

async function messages({ receiver }: TelemetryWay): Promise<string[]> {
  return (await get(`${receiver!.url}/api/logs`)).logs.map(({ message }: { message: string }) => message);
}

test('the receiver gets the lines of those who forward them, and the usage file gets the usage records', async (t) => {
  const file = usageFile(t);
  const way = await wayOf(t, { receiver: { port: 0, inPlaceOf: 'collector' }, usage: file });
  for (const [service, text] of [
    ['web', 'first'],
    ['web', usage],
    ['database', 'not forwarded'],
    ['database', usage],
  ] as const)
    way.send(line(service, text));
  assert.deepEqual(await messages(way), ['first']);
  assert.equal(readFileSync(file.path, 'utf8'), `${usage}\n`);
});

test('where the collector has no route for usage records, they are lines like any other', async (t) => {
  const way = await wayOf(t, { receiver: { port: 0, inPlaceOf: 'collector' } });
  way.send(line('web', usage));
  assert.equal((await messages(way)).length, 1);
});

test("the collector gets the same lines with their container's name and an id like Docker's", async (t) => {
  const [port = 0] = await freePorts(1);
  const server = new FluentServer({ listenOptions: { port, host: '127.0.0.1' } });
  const entries: { tag: string; record: Record<string, string> }[] = [];
  const { promise: both, resolve } = Promise.withResolvers<void>();
  server.on('entry', (tag: string, _time: unknown, record: Record<string, string>) => {
    if (entries.push({ tag, record }) === 2) resolve();
  });
  await server.listen();
  t.after(() => server.close());
  const file = usageFile(t);
  const way = await wayOf(t, { fluentd: `127.0.0.1:${port}`, usage: file });
  for (const [service, text] of [
    ['database', 'not forwarded'],
    ['web', 'first'],
    ['web', usage],
  ] as const)
    way.send(line(service, text));
  await both;
  assert.deepEqual(
    entries.map(({ record }) => record.log),
    ['first', usage],
  );
  const [{ tag, record }] = entries as [(typeof entries)[0]];
  assert.match(record.container_id!, /^[0-9a-f]{64}$/);
  assert.deepEqual([record.container_name, tag], ['/stage-x-web', record.container_id!.slice(0, 12)]);
  // The collector writes it.
  assert.equal(existsSync(file.path), false);
});
