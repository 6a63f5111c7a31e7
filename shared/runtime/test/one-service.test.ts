import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { groupIsAlive } from '../run/processes.ts';
import { giveOrder } from '../run/supervisor-orders.ts';
import { recordsOf, serviceOf, small, smallStageUp } from './small-stage.ts';
import { eventually } from './stage-fixture.ts';

// One stage for all, which each test leaves as it was.
const stage = await smallStageUp({ after });

test('a service that was stopped stays stopped, is shown so, and starts again on the same port', async () => {
  const { process: before } = serviceOf(stage, 'web');
  const stop = await stage.runtime('stop', small, 'web');
  assert.equal(stop.code, 0, stop.output);
  assert.equal(serviceOf(stage, 'web').ended, 'ended with exit code 0');
  assert.equal(groupIsAlive(before!), false);
  await assert.rejects(fetch(stage.web));
  assert.match((await stage.runtime('status', small)).output, /web +stopped/);
  assert.equal((await stage.runtime('start', small, 'web')).code, 0);
  assert.equal((await fetch(stage.web)).status, 200);
  assert.equal(serviceOf(stage, 'web').status, 'ready');
  assert.equal((await stage.runtime('start', small, 'web')).code, 0, 'starting what runs is no fault');
});

test('a service that was killed stays down until it is started, as with Docker', async () => {
  assert.equal((await stage.runtime('kill', small, 'web')).code, 0);
  const { status, ended, process } = serviceOf(stage, 'web');
  assert.deepEqual(
    { status, ended, process },
    { status: 'stopped', ended: 'was ended by SIGKILL', process: undefined },
  );
  assert.equal((await stage.runtime('start', small, 'web')).code, 0);
  assert.equal((await fetch(stage.web)).status, 200);
  assert.match((await stage.runtime('kill', small, 'web', '--signal', 'TERM')).output, /web was sent TERM/);
  await eventually(() => assert.equal(serviceOf(stage, 'web').status, 'stopped'));
  assert.equal(serviceOf(stage, 'web').ended, 'ended with exit code 0');
  await stage.runtime('start', small, 'web');
});

test('a service that crashed comes back by its restart policy', async () => {
  const { process: before } = serviceOf(stage, 'web');
  process.kill(before!.pid, 'SIGKILL');
  await eventually(() => {
    assert.equal(serviceOf(stage, 'web').status, 'ready');
    assert.notDeepEqual(serviceOf(stage, 'web').process, before);
  });
  assert.equal(serviceOf(stage, 'web').ended, 'was ended by SIGKILL');
});

test('a service that is paused accepts connections and does not answer until it is resumed; it can be stopped', async () => {
  assert.match((await stage.runtime('pause', small, 'web')).output, /web is paused/);
  await assert.rejects(fetch(stage.web, { signal: AbortSignal.timeout(300) }), { name: 'TimeoutError' });
  assert.match((await stage.runtime('status', small)).output, /web +paused/);
  assert.equal((await stage.runtime('unpause', small, 'web')).code, 0);
  assert.equal((await fetch(stage.web)).status, 200);
  await stage.runtime('pause', small, 'web');
  assert.equal((await stage.runtime('stop', small, 'web')).code, 0);
  assert.equal(serviceOf(stage, 'web').ended, 'ended with exit code 0');
  await stage.runtime('start', small, 'web');
});

test('a service that is restarted is another process on the same port', async () => {
  const { process: before } = serviceOf(stage, 'web');
  assert.equal((await stage.runtime('restart', small, 'web')).code, 0);
  assert.notDeepEqual(serviceOf(stage, 'web').process, before);
  assert.equal((await fetch(stage.web)).status, 200);
});

test('a service can be restarted with other variables, for one life of it', async () => {
  process.env.DICE_RUN_DIR = stage.runDirectory;
  const greeting = async () => (await (await fetch(`${stage.web}/environment`)).json()).GREETING;
  const before = await greeting();
  await giveOrder(stage.state(), { action: 'restart', service: 'web', environment: { GREETING: 'hello' } });
  assert.equal(await greeting(), 'hello');
  assert.equal((await stage.runtime('restart', small, 'web')).code, 0);
  assert.equal(await greeting(), before);
});

test('the receiver is paused under the name of the collector', async () => {
  const traces = `http://127.0.0.1:${stage.environment.OTLP_HTTP_PORT}/api/traces`;
  assert.equal((await stage.runtime('pause', small, 'collector')).code, 0);
  const asked = fetch(traces);
  await assert.rejects(fetch(traces, { signal: AbortSignal.timeout(300) }), { name: 'TimeoutError' });
  assert.equal((await stage.runtime('unpause', small, 'collector')).code, 0);
  assert.equal((await asked).status, 200);
});

test('the receiver is stopped and started under the name of the collector, and forgets nothing', async () => {
  const lines = `http://127.0.0.1:${stage.environment.OTLP_HTTP_PORT}/api/logs?service=web`;
  const before = await (await fetch(lines)).json();
  assert.equal((await stage.runtime('stop', small, 'collector')).code, 0);
  await assert.rejects(fetch(lines));
  assert.match((await stage.runtime('status', small)).output, /receiver +stopped/);
  assert.equal((await stage.runtime('start', small, 'collector')).code, 0);
  assert.deepEqual(await (await fetch(lines)).json(), before);
  assert.match((await stage.runtime('status', small)).output, /receiver +ready/);
});

test('a service or a signal that does not exist is refused by name', async () => {
  const service = await stage.runtime('stop', small, 'nothing');
  assert.equal(service.code, 1);
  assert.match(service.output, /There is no nothing to stop\. There are: web, .*collector\./);
  assert.match((await stage.runtime('kill', small, 'web', '--signal', 'SIGWHAT')).output, /There is no signal SIGWHAT/);
});

test('down ends a stage whose receiver and one service were stopped', async () => {
  const records = recordsOf(stage);
  for (const service of ['web', 'collector']) await stage.runtime('stop', small, service);
  assert.equal((await stage.runtime('down', small)).code, 0);
  assert.deepEqual(records.filter(groupIsAlive), []);
  assert.equal(existsSync(join(stage.runDirectory, 'state.json')), false);
});

test('an order to a stage that does not run is refused', async () => {
  const { code, output } = await stage.runtime('start', small, 'web');
  assert.equal(code, 1);
  assert.match(output, /not running\. Start it/);
});
