import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';

const folder = new URL('..', import.meta.url);
const { PATH, NODE_COMPILE_CACHE } = process.env;

// A dice-roller with a given answer, which remembers the requests.
async function startDiceRoller(t: TestContext, answer: RequestListener) {
  const dice: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
    if (pathname === '/healthz') return response.end();
    dice.push(searchParams.get('die')!);
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());

  return { dice, DICE_ROLLER_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function generate(environment: Record<string, string>, running?: (kill: () => void) => void) {
  const child = spawn(process.execPath, ['generate.ts'], {
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

  await assert.rejects(import(`../generate.ts?${new URLSearchParams(environment)}`), error);
}

test('every user logs its last roll, and the end is logged once all have', async (t) => {
  const { dice, DICE_ROLLER_URL } = await startDiceRoller(t, (_request, response) => response.end('{"roll":1}'));
  // As in the container. The other tests go without tsx, which takes longer than they do.
  const tsx = { NODE_OPTIONS: '--import tsx' };
  const { code, lines } = await generate({ DICE_ROLLER_URL, NUM_USERS: '3', MAX_ROLLS_PER_USER: '4', ...tsx });

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
  assert.equal(lines.at(-1), `Traffic generation complete: ${dice.length} rolled, 0 failed, 0 unanswered`);
});

test('both dice are rolled about equally often', async (t) => {
  const { dice, DICE_ROLLER_URL } = await startDiceRoller(t, (_request, response) => response.end('{"roll":1}'));
  await generate({ DICE_ROLLER_URL, NUM_USERS: '10', MAX_ROLLS_PER_USER: '40', SEED: 'even' });

  const fair = dice.filter((die) => die === 'fair').length / dice.length;
  assert.deepEqual([...new Set(dice)].sort(), ['fair', 'risky']);
  assert.equal(fair > 0.4 && fair < 0.6, true, `${fair} of the dice are fair`);
});

test('a seed repeats a run, another seed does not', async (t) => {
  const runs: string[] = [];

  for (const SEED of ['one', 'one', 'two']) {
    const { dice, DICE_ROLLER_URL } = await startDiceRoller(t, (_request, response) => response.end('{"roll":1}'));
    await generate({ DICE_ROLLER_URL, NUM_USERS: '1', MAX_ROLLS_PER_USER: '50', SEED });
    runs.push(dice.join());
  }

  assert.equal(runs[0], runs[1]);
  assert.notEqual(runs[0], runs[2]);
});

test('a failed roll is counted as failed, and is not a fault of the run', async (t) => {
  const { dice, DICE_ROLLER_URL } = await startDiceRoller(t, (_request, response) => response.writeHead(500).end('{}'));
  const { code, lines } = await generate({ DICE_ROLLER_URL, NUM_USERS: '1', MAX_ROLLS_PER_USER: '5' });

  assert.equal(code, 0);
  assert.equal(lines.at(-1), `Traffic generation complete: 0 rolled, ${dice.length} failed, 0 unanswered`);
});

test('a roll without an answer is counted, and the exit code says so', async (t) => {
  const { dice, DICE_ROLLER_URL } = await startDiceRoller(t, (request) => request.destroy());
  const { code, lines } = await generate({ DICE_ROLLER_URL, NUM_USERS: '1', MAX_ROLLS_PER_USER: '5' });

  assert.equal(code, 1);
  assert.match(lines.at(-1)!, /^Traffic generation complete: 0 rolled, 0 failed, [1-5] unanswered$/);
  assert.equal(dice.length > 0, true);
});

test('Ctrl-C ends the run with its summary', async (t) => {
  let interrupt = () => {};
  const { dice, DICE_ROLLER_URL } = await startDiceRoller(t, (_request, response) => {
    interrupt();
    // A second one would end the run at once.
    interrupt = () => {};
    response.end('{"roll":1}');
  });
  const environment = { DICE_ROLLER_URL, NUM_USERS: '1', MAX_ROLLS_PER_USER: '10000', SEED: 'long' };
  const { code, lines } = await generate(environment, (kill) => (interrupt = kill));

  assert.equal(code, 0);
  assert.equal(lines.at(-1), `Traffic generation stopped: ${dice.length} rolled, 0 failed, 0 unanswered`);
});

test('a reader that stops early ends the run without an error', async (t) => {
  const { DICE_ROLLER_URL } = await startDiceRoller(t, (_request, response) => response.end('{"roll":1}'));
  const child = spawn(process.execPath, ['generate.ts'], {
    cwd: folder,
    env: { PATH, NODE_COMPILE_CACHE, DICE_ROLLER_URL, NUM_USERS: '2' },
  });
  child.stdout.once('data', () => child.stdout.destroy());
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);

  assert.deepEqual({ code, errors }, { code: 0, errors: '' });
});

test('a dice-roller that is down stops the run with what to do', async (t) => {
  const error = /^Error: dice-roller does not answer at http:\/\/127\.0\.0\.1:9: start the stage first/;
  await rejects(t, { DICE_ROLLER_URL: 'http://127.0.0.1:9' }, error);
});

const wrong = {
  NUM_USERS: ['0', '-1', '1.5', 'many', '1001'],
  MAX_ROLLS_PER_USER: ['0', 'x'],
  DICE_ROLLER_URL: ['localhost:8000', 'ftp://localhost'],
};

for (const [name, values] of Object.entries(wrong)) {
  for (const value of values) {
    test(`${name}=${value} is refused by name`, async (t) => {
      await rejects(t, { [name]: value }, new RegExp(`^Error: ${name} must be .* not "${value}"$`));
    });
  }
}

test('a wrong setting stops the run with one line', async () => {
  const { code, errors } = await generate({ NUM_USERS: '0' });

  assert.equal(code, 1);
  assert.equal(errors, 'NUM_USERS must be a whole number from 1 to 1000, not "0"\n');
});
