import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const { PATH, NODE_COMPILE_CACHE } = process.env;

// A die-service whose database can be stopped and started.
async function startDieService(t: TestContext, statusOfOutage = 503) {
  const statuses: number[] = [];
  const database = { down: false };
  const server = createServer(({ url }, response) => {
    if (url === '/readyz') response.statusCode = database.down ? 503 : 200;
    if (url === '/dice?identifier=fair') {
      response.statusCode = database.down ? statusOfOutage : 200;
      statuses.push(response.statusCode);
    }
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close().closeAllConnections());

  return { statuses, database, DIE_SERVICE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

type DieService = Awaited<ReturnType<typeof startDieService>>;
type Program = ReturnType<typeof start>;

function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, ['database-failure.ts'], {
    cwd: new URL('..', import.meta.url),
    env: { PATH, NODE_COMPILE_CACHE, QUERIES_PER_SECOND: '50', ...environment },
  });
  const ended = Promise.all([text(child.stderr), once(child, 'exit')]);
  let output = '';
  child.stdout.on('data', (part) => (output += part));

  return {
    child,
    said: async (words: string) => {
      while (!output.includes(words)) await once(child.stdout, 'data');
    },
    end: async () => {
      const [errors, [code]] = await ended;

      return { output, errors, code };
    },
  };
}

// In this process, since starting another takes longer than the test. The last test shows how such an error ends a run.
async function rejects(t: TestContext, environment: Record<string, string>, error: RegExp) {
  Object.assign(process.env, environment);
  t.after(() => Object.keys(environment).forEach((name) => delete process.env[name]));

  await assert.rejects(import(`../database-failure.ts?${new URLSearchParams(environment)}`), error);
}

async function followInstructions({ database, statuses }: DieService, { said, end }: Program) {
  await said('docker compose stop postgres');
  database.down = true;
  await said('docker compose start postgres');
  while (statuses.every((status) => status === 200)) await sleep(10);
  database.down = false;

  return end();
}

test('an outage whose answers are all 200 or 503 passes, and the answers are counted', async (t) => {
  const dieService = await startDieService(t);
  const { DIE_SERVICE_URL, statuses } = dieService;
  // As in the container. The other tests go without tsx, which takes longer than they do.
  const program = start({ DIE_SERVICE_URL, NODE_OPTIONS: '--import tsx' });
  const { output, code } = await followInstructions(dieService, program);
  const count = (wanted: number) => statuses.filter((status) => status === wanted).length;

  assert.equal(code, 0, output);
  assert.equal(output.match(/^passed /gm)?.length, 3, output);
  assert.ok(count(503) > 0);
  assert.ok(output.includes(`passed  every answer is 200 or 503: ${count(200)} × 200, ${count(503)} × 503\n`), output);
  assert.match(output, /^passed {2}no answer takes 3 s: \d+ ms at most$/m);
});

test('another status than 200 or 503 fails, and the exit code says so', async (t) => {
  const dieService = await startDieService(t, 500);
  const { output, code } = await followInstructions(dieService, start({ DIE_SERVICE_URL: dieService.DIE_SERVICE_URL }));

  assert.equal(code, 1);
  assert.match(output, /^failed {2}every answer is 200 or 503: .* × 500/m);
});

test('Ctrl-C ends it with its report, and an outage that did not end is not passed', async (t) => {
  const { DIE_SERVICE_URL } = await startDieService(t);
  const program = start({ DIE_SERVICE_URL });
  await program.said('docker compose stop postgres');
  program.child.kill('SIGINT');
  const { output, code } = await program.end();

  assert.equal(code, 1);
  assert.match(output, /^failed {2}\/readyz said 503 during the outage, and 200 after it$/m);
});

test('a database that is already down stops it with what to do', async (t) => {
  const { database, DIE_SERVICE_URL } = await startDieService(t);
  database.down = true;

  await rejects(t, { DIE_SERVICE_URL }, /^Error: The database is down: start PostgreSQL first$/);
});

test('without die-service it says what to do', async (t) => {
  const error = /^Error: die-service does not answer at http:\/\/127\.0\.0\.1:9: start the stage first/;
  await rejects(t, { DIE_SERVICE_URL: 'http://127.0.0.1:9' }, error);
});

test('a wrong number is refused by name', async () => {
  const { errors, code } = await start({ QUERIES_PER_SECOND: 'many' }).end();

  assert.equal(code, 1);
  assert.match(errors, /^QUERIES_PER_SECOND must be a whole number from 1 to 1000, not "many"\n$/);
});
