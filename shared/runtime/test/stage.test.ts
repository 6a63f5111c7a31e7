import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { groupIsAlive, isAlive } from '../run/processes.ts';
import { recordsOf, small, smallStage } from './small-stage.ts';
import { eventually, fixtures } from './stage-fixture.ts';

const other = join(fixtures, 'other');

// One stage for all, in this order: it starts, runs, and is down.
const stage = await smallStage({ after });

test('up starts everything, waits until it is ready, and says what runs and what is missing', async () => {
  const { code, output } = await stage.runtime('up', small);
  assert.equal(code, 0, output);
  assert.match(output, new RegExp(`web +ready +http://127.0.0.1:${stage.environment.WEB_PORT} +\\d+`));
  assert.match(output, /once +completed/);
  assert.match(output, /collector +missing/);
  assert.match(output, /collector: a built-in receiver takes its place/);
  assert.match(output, new RegExp(`receiver +ready +http://127.0.0.1:${stage.environment.OTLP_HTTP_PORT}`));
});

test('a service finds its addresses, its rewritten mounts and its volumes', async () => {
  const { environment: set, runDirectory } = stage;
  const web = `http://127.0.0.1:${set.WEB_PORT}`;
  assert.equal(await (await fetch(`${web}/greeting`)).text(), `Hello from ${web}\n`);
  assert.equal(readFileSync(join(runDirectory, 'volumes/stage-small/visits/visits.txt'), 'utf8'), 'visited\n');
  const environment = (await (await fetch(`${web}/environment`)).json()) as Record<string, string>;
  assert.deepEqual([environment.HOST, environment.NODE_ENV], ['127.0.0.1', 'production']);
});

test('lines reach the receiver, and logs prints them by service', async () => {
  await eventually(async () => {
    const response = await fetch(`http://127.0.0.1:${stage.environment.OTLP_HTTP_PORT}/api/logs?service=web`);
    const { logs } = (await response.json()) as { logs: { message: string }[] };
    assert.deepEqual(
      logs.map(({ message }) => message),
      ['listening'],
    );
  });
  const { output } = await stage.runtime('logs', small, '--no-follow');
  assert.match(output, /web +\| \{"level":"INFO","message":"listening"\}/);
  const wrong = await stage.runtime('logs', small, '--service', 'nothing');
  assert.equal(wrong.code, 1);
  assert.match(wrong.output, /no lines from "nothing".*web/);
});

test('a second up says that it is already running, and changes nothing', async () => {
  const before = recordsOf(stage);
  const { code, output } = await stage.runtime('up', small);
  assert.equal(code, 0);
  assert.match(output, /already running/);
  assert.match(output, /web +ready/);
  assert.deepEqual(recordsOf(stage), before);
});

test('another stage is refused while one runs, saying which and how to stop it', async () => {
  const { code, output } = await stage.runtime('up', other);
  assert.equal(code, 1);
  assert.match(output, /stage-small is running, and one stage runs at a time. Stop it first: make stage-small down/);
  const down = await stage.runtime('down', other);
  assert.match(down.output, /is not running; stage-small is/);
  assert.ok(isAlive(stage.state().supervisor));
});

test('watch shows a trace that came, and ends when asked for the last ones', async () => {
  const span = {
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    name: 'GET /roll',
    startTimeUnixNano: '1',
    endTimeUnixNano: '5000001',
  };
  await fetch(`http://127.0.0.1:${stage.environment.OTLP_HTTP_PORT}/v1/traces`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  });
  const { code, output } = await stage.runtime('watch', small, '--last', '3');
  assert.equal(code, 0);
  assert.match(output, /trace a{32} .*1 span/);
  assert.match(output, /GET \/roll █+ +5\.00 ms/);
});

test("traffic runs against the stage's ports and passes its exit code on", async () => {
  stage.environment.CODE = '9';
  const { code, output } = await stage.runtime('traffic', small);
  delete stage.environment.CODE;
  assert.match(output, /traffic got 200/);
  assert.equal(code, 9);
});

test('down ends every process, keeps named volumes and nothing else, and can be repeated', async () => {
  const records = recordsOf(stage);
  const { code, output } = await stage.runtime('down', small);
  assert.equal(code, 0);
  assert.match(output, /was stopped:[\s\S]*web \(pid \d+\)[\s\S]*Kept: visits/);
  assert.deepEqual(records.filter(groupIsAlive), []);
  assert.equal(existsSync(join(stage.runDirectory, 'state.json')), false);
  assert.equal(existsSync(join(stage.runDirectory, 'stage-small')), false);
  assert.equal(existsSync(join(stage.runDirectory, 'volumes/stage-small/visits/visits.txt')), true);
  const again = await stage.runtime('down', small);
  assert.equal(again.code, 0);
  assert.match(again.output, /not running/);
});

test('commands that need a running stage, or a stage that exists, say so', async () => {
  for (const command of ['watch', 'open', 'traffic', 'logs']) {
    const { code, output } = await stage.runtime(command, small);
    assert.equal(code, 1);
    assert.match(output, /make .* up/);
  }
  const { code, output } = await stage.runtime('up', 'stage-99');
  assert.equal(code, 1);
  assert.match(output, /There is no stage-99\. Stages: stage-1/);
});

test('a port that is taken stops up before anything starts', async (t) => {
  const server = createServer().listen(Number(stage.environment.WEB_PORT), '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { code, output } = await stage.runtime('up', small);
  assert.equal(code, 1);
  assert.match(
    output,
    new RegExp(`Port ${stage.environment.WEB_PORT}, for web, is taken by node \\(pid ${process.pid}\\).*WEB_PORT`),
  );
  assert.equal(existsSync(join(stage.runDirectory, 'state.json')), false);
});

test('down ends every process after the supervisor was killed, and up refuses until then', async () => {
  await stage.runtime('up', small);
  const records = recordsOf(stage);
  process.kill(stage.state().supervisor.pid, 'SIGKILL');
  await eventually(() => assert.equal(isAlive(stage.state().supervisor), false));
  const refused = await stage.runtime('up', small);
  assert.equal(refused.code, 1);
  assert.match(refused.output, /lost its supervisor/);
  assert.match((await stage.runtime('status', small)).output, /supervisor is no longer running/);
  assert.equal((await stage.runtime('down', small)).code, 0);
  assert.deepEqual(records.filter(groupIsAlive), []);
});
