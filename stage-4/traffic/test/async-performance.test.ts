import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';

const { PATH, NODE_COMPILE_CACHE } = process.env;

// A dice-roller with a given answer, which remembers the requests.
async function startDiceRoller(t: TestContext, answer: RequestListener) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/healthz') return response.end();
    asked.push(request.url!);
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());

  return { asked, DICE_ROLLER_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function compare(DICE_ROLLER_URL: string, NODE_OPTIONS?: string) {
  const child = spawn(process.execPath, ['async-performance.ts'], {
    cwd: new URL('..', import.meta.url),
    env: { PATH, NODE_COMPILE_CACHE, NODE_OPTIONS, DICE_ROLLER_URL },
  });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);

  return { code, lines: output.trim().split('\n'), errors };
}

test('ten rolls one after another are compared with one batch of ten', async (t) => {
  let busy = 0;
  let most = 0;
  const { asked, DICE_ROLLER_URL } = await startDiceRoller(t, (_request, response) => {
    most = Math.max(most, ++busy);
    setTimeout(() => response.end('{}', () => busy--), 100);
  });
  // As in the container. The other tests go without tsx, which takes longer than they do.
  const { code, lines } = await compare(DICE_ROLLER_URL, '--import tsx');
  const [sequential, batch, faster] = lines.map((line) => Number(/([\d.]+)(x| s$)/.exec(line)![1]));

  assert.equal(code, 0);
  assert.deepEqual(asked, [...Array(10).fill('/roll?die=fair'), '/roll-async?die=fair&times=10']);
  assert.equal(most, 1);
  assert.match(lines[0], /^10 sequential rolls: \d+\.\d\d s$/);
  assert.match(lines[1], /^1 async batch of 10 rolls: \d+\.\d\d s$/);
  assert.match(lines[2], /^Async rolling is \d+\.\dx faster than sequential$/);
  assert.equal(sequential >= 1 && batch >= 0.1 && Math.abs(faster - sequential / batch) < 1, true, lines.join());
});

test('an answer that is an error stops the comparison, and says so', async (t) => {
  const { DICE_ROLLER_URL } = await startDiceRoller(t, (_request, response) => response.writeHead(503).end());
  const { code, errors } = await compare(DICE_ROLLER_URL);

  assert.equal(code, 1);
  assert.equal(errors, `${DICE_ROLLER_URL}/roll?die=fair was answered with 503\n`);
});

test('a dice-roller that is down stops the comparison with what to do', async (t) => {
  process.env.DICE_ROLLER_URL = 'http://127.0.0.1:9';
  t.after(() => delete process.env.DICE_ROLLER_URL);

  // In this process, since starting another takes longer. The test before shows how such an error ends a run.
  await assert.rejects(
    import('../async-performance.ts'),
    /^Error: dice-roller does not answer at http:\/\/127\.0\.0\.1:9: start the stage first, or set DICE_ROLLER_URL/,
  );
});
