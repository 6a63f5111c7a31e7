import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';

const folder = new URL('..', import.meta.url);
const { PATH, NODE_COMPILE_CACHE } = process.env;

// A front end with a given answer, which remembers the requests; a die-service, too.
async function startFrontend(t: TestContext, answer: RequestListener, identifiers = ['fair', 'risky']) {
  const dice: string[] = [];
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
    if (pathname === '/healthz') return response.end();
    if (pathname === '/dice') return response.end(JSON.stringify({ identifiers }));
    dice.push(searchParams.get('die')!);
    asked.push(request.url!);
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());

  return { dice, asked, FRONTEND_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function generate(environment: Record<string, string>, running?: (kill: () => void) => void) {
  const child = spawn(process.execPath, ['generate.ts'], {
    cwd: folder,
    env: {
      ...{ PATH, NODE_COMPILE_CACHE, ASYNC_PROBABILITY: '0', DIE_SERVICE_URL: environment.FRONTEND_URL },
      ...environment,
    },
  });
  running?.(() => child.kill('SIGINT'));
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);

  return { code, lines: output.trim().split('\n'), errors };
}

// In this process, since starting another takes longer than the test. The last test shows how such an error ends a run.
async function rejects(t: TestContext, environment: Record<string, string>, error: RegExp) {
  Object.assign(process.env, environment);
  t.after(() => Object.keys(environment).forEach((name) => delete process.env[name]));

  await assert.rejects(import(`../generate.ts?${new URLSearchParams(environment)}`), error);
}

test('every user logs its answers, none of them sampled, and its last roll; the end is logged once all have', async (t) => {
  const { dice, FRONTEND_URL } = await startFrontend(t, (_request, response) => response.end('{"roll":1}'));
  // As in the container. The other tests go without tsx, which takes longer than they do.
  const tsx = { NODE_OPTIONS: '--import tsx' };
  const { code, lines } = await generate({ FRONTEND_URL, NUM_USERS: '3', MAX_REQUESTS_PER_USER: '4', ...tsx });

  const rolls = lines.flatMap(
    (line) => /^User (\d) has finished its last roll \((\d) requests\)$/.exec(line)?.slice(1) ?? [],
  );
  const users = rolls.filter((_, index) => index % 2 === 0).sort();
  const counts = rolls.filter((_, index) => index % 2 === 1).map(Number);

  assert.equal(code, 0);
  assert.deepEqual(users, ['1', '2', '3']);
  assert.equal(
    counts.every((count) => count >= 1 && count <= 4),
    true,
  );
  assert.equal(
    counts.reduce((sum, count) => sum + count),
    dice.length,
  );
  const answers = lines.filter((line) => /^User \d got 200 for (fair|risky), trace not sampled$/.test(line));
  assert.equal(answers.length, dice.length);
  assert.equal(lines.at(-1), `Traffic generation complete: ${dice.length} rolled, 0 failed, 0 unanswered`);
});

test('both dice are rolled about equally often', async (t) => {
  const { dice, FRONTEND_URL } = await startFrontend(t, (_request, response) => response.end('{"roll":1}'));
  await generate({ FRONTEND_URL, NUM_USERS: '10', MAX_REQUESTS_PER_USER: '40', SEED: 'even' });

  const fair = dice.filter((die) => die === 'fair').length / dice.length;
  assert.deepEqual([...new Set(dice)].sort(), ['fair', 'risky']);
  assert.equal(fair > 0.4 && fair < 0.6, true, `${fair} of the dice are fair`);
});

test('a die that die-service lists is rolled, too', async (t) => {
  const answer: RequestListener = (_request, response) => response.end('{"roll":1}');
  const { dice, FRONTEND_URL } = await startFrontend(t, answer, ['fair', 'risky', 'd20']);
  await generate({ FRONTEND_URL, NUM_USERS: '5', SEED: 'three' });

  assert.deepEqual([...new Set(dice)].sort(), ['d20', 'fair', 'risky']);
});

test('a seed repeats a run, another seed does not', async (t) => {
  const runs: string[] = [];

  for (const SEED of ['one', 'one', 'two']) {
    const { dice, FRONTEND_URL } = await startFrontend(t, (_request, response) => response.end('{"roll":1}'));
    await generate({ FRONTEND_URL, NUM_USERS: '1', MAX_REQUESTS_PER_USER: '50', SEED });
    runs.push(dice.join());
  }

  assert.equal(runs[0], runs[1]);
  assert.notEqual(runs[0], runs[2]);
});

test('ASYNC_PROBABILITY is the share of batches, each announced, of 1 to MAX_ASYNC_ROLLS dice', async (t) => {
  const { asked, FRONTEND_URL } = await startFrontend(t, (_request, response) => response.end('{}'));
  const share = { ASYNC_PROBABILITY: '0.4', MAX_ASYNC_ROLLS: '3', SEED: 'batches' };
  const { code, lines } = await generate({ FRONTEND_URL, NUM_USERS: '10', MAX_REQUESTS_PER_USER: '40', ...share });
  const batches = asked.flatMap((url) => /^\/api\/roll\?die=\w+&times=(\d+)&async=true$/.exec(url)?.[1] ?? []);
  const announced = lines.flatMap((line) => /^User \d+ making async roll: (\d+) dice$/.exec(line)?.[1] ?? []);

  assert.equal(code, 0);
  assert.equal(batches.length > asked.length * 0.3 && batches.length < asked.length * 0.5, true);
  assert.deepEqual([...new Set(batches)].sort(), ['1', '2', '3']);
  assert.deepEqual(announced.sort(), batches.sort());
});

for (const [ASYNC_PROBABILITY, batches] of [
  ['0.0', false],
  ['1.0', true],
] as const) {
  test(`with ASYNC_PROBABILITY=${ASYNC_PROBABILITY} ${batches ? 'every' : 'no'} roll is a batch`, async (t) => {
    const { asked, FRONTEND_URL } = await startFrontend(t, (_request, response) => response.end('{}'));
    await generate({ FRONTEND_URL, ASYNC_PROBABILITY });

    assert.equal(
      asked.every((url) => url.includes('times') === batches),
      true,
    );
  });
}

test('a failed roll is logged with its whole trace id, counted as failed, and not a fault of the run', async (t) => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const { dice, FRONTEND_URL } = await startFrontend(t, (_request, response) =>
    response.setHeader('X-Trace-Id', traceId).writeHead(500).end('{}'),
  );
  const { code, lines } = await generate({ FRONTEND_URL, NUM_USERS: '1', MAX_REQUESTS_PER_USER: '5' });

  assert.equal(code, 0);
  assert.deepEqual(
    lines.slice(1, -2),
    dice.map((die) => `User 1 got 500 for ${die}, trace ${traceId}`),
  );
  assert.equal(lines.at(-1), `Traffic generation complete: 0 rolled, ${dice.length} failed, 0 unanswered`);
});

test('a roll without an answer is counted, and the exit code says so', async (t) => {
  const { dice, FRONTEND_URL } = await startFrontend(t, (request) => request.destroy());
  const { code, lines } = await generate({ FRONTEND_URL, NUM_USERS: '1', MAX_REQUESTS_PER_USER: '5' });

  assert.equal(code, 1);
  assert.match(lines.at(-1)!, /^Traffic generation complete: 0 rolled, 0 failed, [1-5] unanswered$/);
  assert.equal(dice.length > 0, true);
});

test('Ctrl-C ends the run with its summary', async (t) => {
  let interrupt = () => {};
  const { dice, FRONTEND_URL } = await startFrontend(t, (_request, response) => {
    interrupt();
    // A second one would end the run at once.
    interrupt = () => {};
    response.end('{"roll":1}');
  });
  const environment = { FRONTEND_URL, NUM_USERS: '1', MAX_REQUESTS_PER_USER: '10000', SEED: 'long' };
  const { code, lines } = await generate(environment, (kill) => (interrupt = kill));

  assert.equal(code, 0);
  assert.equal(lines.at(-1), `Traffic generation stopped: ${dice.length} rolled, 0 failed, 0 unanswered`);
});

test('a die-service that is down stops the run with what to do, before any roll', async (t) => {
  const { dice, FRONTEND_URL } = await startFrontend(t, (_request, response) => response.end('{"roll":1}'));
  const error = /^Error: die-service does not answer at http:\/\/127\.0\.0\.1:9: start the stage first/;
  await rejects(t, { FRONTEND_URL, DIE_SERVICE_URL: 'http://127.0.0.1:9' }, error);

  assert.equal(dice.length, 0);
});

test('a front end that is down stops the run with what to do', async (t) => {
  const { FRONTEND_URL: DIE_SERVICE_URL } = await startFrontend(t, () => {});
  const error = /^Error: frontend does not answer at http:\/\/127\.0\.0\.1:9: start the stage first/;
  await rejects(t, { FRONTEND_URL: 'http://127.0.0.1:9', DIE_SERVICE_URL }, error);
});

const wrong = {
  NUM_USERS: ['0', '-1', '1.5', 'many', '1001'],
  MAX_REQUESTS_PER_USER: ['0', 'x'],
  ASYNC_PROBABILITY: ['1.1', '-0.1', 'often', '.'],
  MAX_ASYNC_ROLLS: ['0', '101'],
  FRONTEND_URL: ['localhost:8080', 'ftp://localhost'],
  TARGET: ['front', 'Backend'],
};

for (const [name, values] of Object.entries(wrong)) {
  for (const value of values) {
    test(`${name}=${value} is refused by name`, async (t) => {
      const { FRONTEND_URL: DIE_SERVICE_URL } = await startFrontend(t, () => {});
      await rejects(t, { DIE_SERVICE_URL, [name]: value }, new RegExp(`^Error: ${name} must be .* not "${value}"$`));
    });
  }
}

test('a wrong setting stops the run with one line', async () => {
  const { code, errors } = await generate({ NUM_USERS: '0' });

  assert.equal(code, 1);
  assert.equal(errors, 'NUM_USERS must be a whole number from 1 to 1000, not "0"\n');
});
