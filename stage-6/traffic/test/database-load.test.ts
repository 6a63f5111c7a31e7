import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';

const folder = new URL('..', import.meta.url);
const { PATH, NODE_COMPILE_CACHE } = process.env;

// A die-service that remembers what it was asked; its first answer is the list of dice.
async function startDieService(t: TestContext, answer: RequestListener = (_request, response) => response.end('{}')) {
  const asked: string[] = [];
  let first = true;
  const server = createServer((request, response) => {
    if (first) response.end('{"identifiers":["fair","risky"]}');
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
  const child = spawn(process.execPath, ['database-load.ts'], {
    cwd: folder,
    env: { PATH, NODE_COMPILE_CACHE, ...environment },
  });
  running?.(() => child.kill('SIGINT'));
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);

  return { code, output, errors };
}

function latency(output: string, what: string): number {
  return Number(output.match(new RegExp(`${what} ([\\d.]+)`))![1]);
}

// In this process, since starting another takes longer than the test. The last test shows how such an error ends a run.
async function rejects(t: TestContext, environment: Record<string, string>, error: RegExp) {
  Object.assign(process.env, environment);
  t.after(() => Object.keys(environment).forEach((name) => delete process.env[name]));

  await assert.rejects(import(`../database-load.ts?${new URLSearchParams(environment)}`), error);
}

test('it asks at the rate, for the time and in the ratio that are wanted, and says how it went', async (t) => {
  const { asked, DIE_SERVICE_URL } = await startDieService(t);
  const settings = { QUERIES_PER_SECOND: '100', DURATION_SECONDS: '2', LIST_TO_GET_RATIO: '1:3', SEED: 'a' };
  // As in the container. The other tests go without tsx, which takes longer than they do.
  const { code, output } = await run({ DIE_SERVICE_URL, NODE_OPTIONS: '--import tsx', ...settings });
  const lists = asked.filter((path) => path === '/dice').length;

  assert.equal(code, 0);
  assert.equal(asked.length, 200);
  assert.ok(lists > 30 && lists < 70, `${lists} lists`);
  for (const die of ['fair', 'risky'])
    assert.ok(asked.filter((path) => path === `/dice?identifier=${die}`).length > 50);
  assert.match(output, /^100 queries a second for 2 s, 25 % of them lists, SEED=a\n/);
  assert.match(output, /Achieved +[\d.]+ queries\/s: 200 of 200 in \d+\.\d s\n/);
  assert.match(output, /Errors +0\.00 %\n$/);
  assert.ok(latency(output, 'p50') <= latency(output, 'p99'));
});

test('a pause of the service delays every request that was due in it, and the tester is told', async (t) => {
  const pauseEnds = Promise.withResolvers<void>();
  let pausing: NodeJS.Timeout | undefined;
  const { DIE_SERVICE_URL } = await startDieService(t, async (_request, response) => {
    pausing ??= setTimeout(pauseEnds.resolve, 1000);
    await pauseEnds.promise;
    response.end('{}');
  });
  const { output } = await run({ DIE_SERVICE_URL, QUERIES_PER_SECOND: '100', DURATION_SECONDS: '2' });

  // A load that waits for answers would have met the pause once, not in half of its requests.
  assert.ok(latency(output, 'p90') > 500, output);
  assert.ok(latency(output, 'max') > 900, output);
});

test('answers other than 200 are errors, told by kind', async (t) => {
  const { DIE_SERVICE_URL } = await startDieService(t, (_request, response) => {
    response.writeHead(503).end();
  });
  const { code, output } = await run({ DIE_SERVICE_URL, QUERIES_PER_SECOND: '50', DURATION_SECONDS: '1' });

  assert.equal(code, 0);
  assert.match(output, /Errors +100\.00 %, 50 × 503\n$/);
});

test('a request without an answer is an error, and the exit code says so', async (t) => {
  const { DIE_SERVICE_URL } = await startDieService(t, (request) => request.destroy());
  const { code, output } = await run({ DIE_SERVICE_URL, QUERIES_PER_SECOND: '20', DURATION_SECONDS: '1' });

  assert.equal(code, 1);
  assert.match(output, /20 × unanswered/);
});

test('Ctrl-C ends the run with what was seen', async (t) => {
  let interrupt = () => {};
  const { DIE_SERVICE_URL } = await startDieService(t, (_request, response) => {
    interrupt();
    // A second one would end it at once.
    interrupt = () => {};
    response.end();
  });
  const environment = { DIE_SERVICE_URL, DURATION_SECONDS: '600' };
  const { code, output } = await run(environment, (kill) => (interrupt = kill));

  assert.equal(code, 0);
  assert.match(output, /Achieved .*\nLatency .*\nErrors +0\.00 %\n$/);
});

test('Ctrl-C ends also a run that cannot keep its rate', async (t) => {
  let interrupt = () => {};
  const { asked, DIE_SERVICE_URL } = await startDieService(t, (_request, response) => {
    setTimeout(() => response.end(), 50);
    interrupt();
    interrupt = () => {};
  });
  const environment = { DIE_SERVICE_URL, QUERIES_PER_SECOND: '10000', DURATION_SECONDS: '60' };
  const { code } = await run(environment, (kill) => (interrupt = kill));

  assert.equal(code, 0);
  assert.ok(asked.length < 60_000, `${asked.length} requests of 600000`);
});

test('a die-service that is down stops the run with what to do', async (t) => {
  const error = /^Error: die-service does not answer at http:\/\/127\.0\.0\.1:9: start the stage first/;
  await rejects(t, { DIE_SERVICE_URL: 'http://127.0.0.1:9' }, error);
});

const wrong = {
  QUERIES_PER_SECOND: ['0', '10001', 'many'],
  DURATION_SECONDS: ['0', '1.5'],
  LIST_TO_GET_RATIO: ['0:0', '1/10', '1:', '-1:2'],
  DIE_SERVICE_URL: ['die-service'],
};

for (const [name, values] of Object.entries(wrong)) {
  for (const value of values) {
    test(`${name}=${value} is refused by name`, async (t) => {
      await rejects(t, { [name]: value }, new RegExp(`^Error: ${name} must be .* not "${value}"$`));
    });
  }
}

test('a wrong setting stops the run with one line', async () => {
  const { code, errors } = await run({ DURATION_SECONDS: '0' });

  assert.equal(code, 1);
  assert.match(errors, /^DURATION_SECONDS must be .* not "0"\n$/);
});
