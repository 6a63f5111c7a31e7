import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const folder = new URL('..', import.meta.url);
const { PATH, NODE_COMPILE_CACHE } = process.env;

// Starts the service as its container does.
function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, ['src/server.ts'], {
    cwd: folder,
    env: { PATH, NODE_COMPILE_CACHE, ...environment },
  });
  // A test that fails leaves none behind.
  after(() => child.kill('SIGKILL'));
  const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);

  return { child, ended: ended.then(([[code], output, errors]) => ({ code, output, errors })) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));

  return port;
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal}: what is in flight is answered, and the exit code is 0`, async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const service = start({ PORT: String(port) });
    while (!(await fetch(`${url}/healthz`).catch(() => undefined))) await sleep(10);

    const answers = Array.from({ length: 10 }, () => fetch(`${url}/roll?die=fair`));
    // Connections are taken in order: once this one is answered, the ten are in flight.
    await fetch(`${url}/healthz`);
    service.child.kill(signal);

    assert.deepEqual(await Promise.all(answers.map(async (answer) => (await answer).status)), Array(10).fill(200));
    assert.deepEqual(await service.ended, { code: 0, output: '', errors: '' });
  });
}

const wrong = { PORT: ['http', '65536', '-1', '80.5'], ROLL_MAX_DELAY_MS: ['1s', '60001'] };

for (const [name, values] of Object.entries(wrong)) {
  for (const value of values) {
    test(`${name}=${value} is refused with an error that names the variable`, async (t) => {
      process.env[name] = value;
      t.after(() => delete process.env[name]);

      const error = new RegExp(`${name} must be a whole number .* not "${value}"`);
      await assert.rejects(import(`../src/config.ts?${name}=${value}`), error);
    });
  }
}

test('a wrong setting stops the start with an error that says why', async () => {
  const { code, errors } = await start({ PORT: 'http' }).ended;

  assert.equal(code, 1);
  assert.match(errors, /PORT must be a whole number .* not "http"/);
});

test('a port that is taken stops the start with an error', async (t) => {
  const owner = createServer().listen(0, '127.0.0.1');
  t.after(() => owner.close());
  await once(owner, 'listening');
  const { code, errors } = await start({ PORT: String((owner.address() as AddressInfo).port) }).ended;

  assert.equal(code, 1);
  assert.match(errors, /EADDRINUSE/);
});
