import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';

const folder = new URL('..', import.meta.url);
const { PATH, NODE_COMPILE_CACHE } = process.env;

const answerTruly: RequestListener = (request, response) => {
  const known = ['/dice', '/dice?identifier=fair', '/dice?identifier=risky'].includes(request.url!);
  response.writeHead(known ? 200 : 404).end('{"identifiers":["fair","risky"]}');
};

// A die-service that remembers what it was asked; its first answer is the list of dice.
async function startDieService(t: TestContext, answer: RequestListener = answerTruly) {
  const asked: string[] = [];
  let first = true;
  const server = createServer((request, response) => {
    if (first) answerTruly(request, response);
    else {
      asked.push(request.url!);
      answer(request, response);
    }
    first = false;
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());

  return { asked, DIE_SERVICE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function run(environment: Record<string, string>, running?: (kill: () => void) => void) {
  const child = spawn(process.execPath, ['die-service.ts'], {
    cwd: folder,
    env: { PATH, NODE_COMPILE_CACHE, ...environment },
  });
  running?.(() => child.kill('SIGINT'));
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);

  return { code, lines: output.trim().split('\n'), errors };
}

// In this process, since starting another takes longer than the test. The last test shows how such an error ends a run.
async function rejects(t: TestContext, environment: Record<string, string>, error: RegExp) {
  Object.assign(process.env, environment);
  t.after(() => Object.keys(environment).forEach((name) => delete process.env[name]));

  await assert.rejects(import(`../die-service.ts?${new URLSearchParams(environment)}`), error);
}

test('the list, each die and dice that do not exist are asked for, and the answers counted', async (t) => {
  const { asked, DIE_SERVICE_URL } = await startDieService(t);
  const settings = { NUM_REQUESTS: '100', RATE_LIMIT: '1000', SEED: 'mix' };
  // As in the container. The other tests go without tsx, which takes longer than they do.
  const { code, lines } = await run({ DIE_SERVICE_URL, NODE_OPTIONS: '--import tsx', ...settings });

  const unknown = asked.filter((path) => path.startsWith('/dice?identifier=no-such-die-'));
  assert.equal(code, 0);
  assert.equal(asked.length, 100);
  for (const path of ['/dice', '/dice?identifier=fair', '/dice?identifier=risky']) {
    assert.ok(asked.filter((other) => other === path).length > 10, path);
  }
  assert.ok(unknown.length > 10);
  assert.equal(lines.at(-1), `Traffic to die-service complete: ${100 - unknown.length} × 200, ${unknown.length} × 404`);
});

test('no more requests are made in a second than RATE_LIMIT says', async (t) => {
  const { DIE_SERVICE_URL } = await startDieService(t);
  const started = performance.now();
  await run({ DIE_SERVICE_URL, NUM_REQUESTS: '21', RATE_LIMIT: '10' });

  assert.ok(performance.now() - started >= 2000);
});

test('a seed repeats a run', async (t) => {
  const runs: string[] = [];

  for (const SEED of ['one', 'one', 'two']) {
    const { asked, DIE_SERVICE_URL } = await startDieService(t);
    await run({ DIE_SERVICE_URL, NUM_REQUESTS: '50', RATE_LIMIT: '200', SEED });
    // Requests may overtake each other on their way.
    runs.push(asked.sort().join());
  }

  assert.equal(runs[0], runs[1]);
  assert.notEqual(runs[0], runs[2]);
});

test('a request without an answer is counted, and the exit code says so', async (t) => {
  const { DIE_SERVICE_URL } = await startDieService(t, (request) => request.destroy());
  const { code, lines } = await run({ DIE_SERVICE_URL, NUM_REQUESTS: '5', RATE_LIMIT: '1000' });

  assert.equal(code, 1);
  assert.equal(lines.at(-1), 'Traffic to die-service complete: 5 × unanswered');
});

test('Ctrl-C ends the run with its summary', async (t) => {
  let interrupt = () => {};
  const { DIE_SERVICE_URL } = await startDieService(t, (_request, response) => {
    interrupt();
    // A second one would end it at once.
    interrupt = () => {};
    response.end();
  });
  const environment = { DIE_SERVICE_URL, NUM_REQUESTS: '10000' };
  const { code, lines } = await run(environment, (kill) => (interrupt = kill));

  assert.equal(code, 0);
  assert.match(lines.at(-1)!, /^Traffic to die-service stopped: \d+ × 200$/);
});

test('a die-service that is down stops the run with what to do', async (t) => {
  const error = /^Error: die-service does not answer at http:\/\/127\.0\.0\.1:9: start the stage first/;
  await rejects(t, { DIE_SERVICE_URL: 'http://127.0.0.1:9' }, error);
});

for (const [name, value] of Object.entries({ NUM_REQUESTS: '0', RATE_LIMIT: 'fast', DIE_SERVICE_URL: 'die-service' })) {
  test(`${name}=${value} is refused by name`, async (t) => {
    await rejects(t, { [name]: value }, new RegExp(`^Error: ${name} must be .* not "${value}"$`));
  });
}

test('a wrong setting stops the run with one line', async () => {
  const { code, errors } = await run({ NUM_REQUESTS: '0' });

  assert.equal(code, 1);
  assert.match(errors, /^NUM_REQUESTS must be .* not "0"\n$/);
});
