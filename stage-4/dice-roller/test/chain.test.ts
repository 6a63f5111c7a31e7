import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CLIENT, SERVER, startCollector } from './collector.ts';

// Both services, as their containers start them; die-service needs its own packages, or those of a folder above.
const collector = await startCollector();
const [rollerPort, dicePort] = [await freePort(), await freePort()];
const roller = await start('dice-roller', rollerPort);
let dieService = await start('die-service', dicePort);

after(() => {
  roller.kill();
  dieService.kill();
  collector.close();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));

  return port;
}

async function start(name: string, port: number) {
  const child = spawn(process.execPath, ['--import', './src/instrumentation.ts', 'src/server.ts'], {
    cwd: new URL(`../../${name}`, import.meta.url),
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      ...collector.environment,
      OTEL_SERVICE_NAME: name,
      PORT: String(port),
      DIE_SERVICE_URL: `http://127.0.0.1:${dicePort}`,
      ROLL_MAX_DELAY_MS: '0',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });

  const healthy = () =>
    fetch(`http://127.0.0.1:${port}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
  while (!(await healthy())) {
    assert.equal(child.exitCode, null, `${name} ended`);
    await sleep(20);
  }

  return child;
}

async function roll(die: string) {
  const response = await fetch(`http://127.0.0.1:${rollerPort}/roll?die=${die}`);

  return { status: response.status, body: JSON.parse(await response.text()) };
}

test('a roll is one trace across both services', async () => {
  const { status, body } = await roll('fair');
  assert.equal(status, 200);
  assert.ok(body.roll >= 1 && body.roll <= 6);

  while (collector.spans.length < 3) await sleep(5);
  const find = (kind: number, name: string) =>
    collector.spans.find((span) => span.kind === kind && span.name === name)!;
  const [request, lookUp, answer] = [find(SERVER, 'GET /roll'), find(CLIENT, 'GET'), find(SERVER, 'GET /dice')];

  assert.deepEqual([lookUp.traceId, answer.traceId], [request.traceId, request.traceId]);
  assert.equal(lookUp.parentSpanId, request.spanId);
  assert.equal(answer.parentSpanId, lookUp.spanId);
  assert.equal(answer.attributes['die.found'], true);
});

test('what die-service does not know is refused with 400', async () => {
  assert.equal((await roll('loaded')).status, 400);
  assert.equal((await roll('x'.repeat(10_000))).status, 400);
  assert.equal((await roll('%22'.repeat(5000))).status, 400);
});

test('without die-service a roll is 503, and after its return 200 again', async () => {
  dieService.kill();
  await once(dieService, 'exit');
  assert.deepEqual(await roll('fair'), { status: 503, body: { error: 'die-service does not answer' } });

  dieService = await start('die-service', dicePort);
  assert.equal((await roll('fair')).status, 200);
});
