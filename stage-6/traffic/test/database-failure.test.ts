import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';

const folder = new URL('..', import.meta.url);

async function listen(t: TestContext, answer: Parameters<typeof createServer>[1]) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close().closeAllConnections());

  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

// A die-service whose database is stopped and started by requests, and that counts what failed meanwhile.
async function startDieService(t: TestContext, statusOfOutage: number) {
  const failed: string[] = [];
  let stopped = false;
  const url = await listen(t, ({ url, headers }, response) => {
    if (url === '/stop' || url === '/start') stopped = url === '/stop';
    if (url === '/metrics') {
      response.write(`database_queries_total{query_type="get",result="error"} ${failed.length}\n`);
      response.write('database_connection_pool_available 10\ndatabase_connection_pool_size 10\n');
    } else if (stopped && url !== '/stop') {
      response.statusCode = url === '/readyz' ? 503 : statusOfOutage;
      if (url !== '/readyz') failed.push(String(headers.traceparent).split('-')[1]);
    }
    response.end();
  });
  const command = (what: string) => `"${process.execPath}" -e "fetch('${url}/${what}')"`;

  return { failed, DIE_SERVICE_URL: url, STOP_COMMAND: command('stop'), START_COMMAND: command('start') };
}

async function run(environment: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'database-failure.ts'], {
    cwd: folder,
    env: { PATH: process.env.PATH, OUTAGE_SECONDS: '1', LOKI_URL: nowhere, TEMPO_URL: nowhere, ...environment },
  });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);

  return { code, output, errors };
}

// Nothing listens there.
const nowhere = 'http://127.0.0.1:1';

test('an outage that is stood and seen everywhere passes each step', async (t) => {
  const { failed, ...environment } = await startDieService(t, 503);
  // Both back ends tell of all requests that failed, whatever they are asked.
  const backEnd = await listen(t, (_request, response) => response.end(failed.join()));
  const { code, output, errors } = await run({ ...environment, LOKI_URL: backEnd, TEMPO_URL: backEnd });

  assert.equal(code, 0, output + errors);
  assert.equal(output.match(/^passed /gm)?.length, 8, output);
  assert.doesNotMatch(output, /^(failed|not checked) /m);
  assert.match(output, /every answer is 200 or 503: \d+ of \d+ are 503/);
  assert.match(output, new RegExp(`logs say which queries failed: ${failed.length} of ${failed.length}`));
});

test('another status than 200 or 503 fails, and so does the program', async (t) => {
  const { failed: _, ...environment } = await startDieService(t, 500);
  const { code, output } = await run(environment);

  assert.equal(code, 1);
  assert.match(output, /^failed +every answer is 200 or 503/m);
});

test('what a back end cannot tell is not checked, and not passed', async (t) => {
  const { failed: _, ...environment } = await startDieService(t, 503);
  const { code, output } = await run(environment);

  assert.equal(code, 0, output);
  assert.match(output, /^not checked +logs say which queries failed: it does not answer$/m);
  assert.match(output, /^not checked +traces show the errors of the database: it does not answer$/m);
});

test('a command that fails ends it, with what it said', async (t) => {
  const { failed: _, ...environment } = await startDieService(t, 503);
  const { code, errors } = await run({ ...environment, STOP_COMMAND: 'no-such-command' });

  assert.equal(code, 1);
  assert.match(errors, /no-such-command/);
});

test('without die-service it says what to do', async () => {
  const { code, errors } = await run({ DIE_SERVICE_URL: nowhere });

  assert.equal(code, 1);
  assert.match(errors, /die-service is not ready at http:\/\/127\.0\.0\.1:1: start the stage first/);
});

test('a wrong number is refused by name', async () => {
  const { code, errors } = await run({ OUTAGE_SECONDS: 'long' });

  assert.equal(code, 1);
  assert.match(errors, /OUTAGE_SECONDS must be a whole number from 1 to 600, not "long"/);
});
