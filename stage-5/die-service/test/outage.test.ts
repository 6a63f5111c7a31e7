import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CLIENT, ERROR, SERVER, startCollector } from './collector.ts';
import { freePort, seed, startPostgres, test } from './postgres.ts';
import { startService } from './service.ts';

const postgres = await startPostgres();
await seed(postgres.url);
const collector = await startCollector();
after(async () => {
  collector.close();
  await postgres.remove();
});

interface Answer {
  status: number;
  retryAfter: string | null;
  milliseconds: number;
}

async function start(databaseUrl = postgres.url) {
  const port = await freePort();
  const service = startService({
    ...collector.environment,
    OTEL_SDK_DISABLED: 'false',
    OTEL_BSP_SCHEDULE_DELAY: '100',
    DATABASE_URL: databaseUrl,
    PORT: String(port),
  });
  const url = `http://127.0.0.1:${port}`;
  await service.logged('Application started');

  async function get(path: string): Promise<Answer> {
    const started = performance.now();
    const response = await fetch(url + path);
    await response.text();
    const milliseconds = performance.now() - started;

    return { status: response.status, retryAfter: response.headers.get('retry-after'), milliseconds };
  }

  async function until(path: string, status: number): Promise<void> {
    while ((await get(path)).status !== status) await sleep(20);
  }

  async function metric(series: string): Promise<number> {
    const metrics = await (await fetch(`${url}/metrics`)).text();

    return Number(
      metrics
        .split('\n')
        .find((line) => line.startsWith(`${series} `))!
        .split(' ')[1],
    );
  }

  return { ...service, get, until, metric };
}

// Asks for dice fifty times a second, whether or not earlier requests have been answered.
function load(get: (path: string) => Promise<Answer>) {
  const answers: Promise<Answer>[] = [];
  const timer = setInterval(() => {
    answers.push(get(answers.length % 11 === 0 ? '/dice' : '/dice?identifier=fair'));
  }, 20);

  return async () => {
    clearInterval(timer);
    return Promise.all(answers);
  };
}

function countOf(lines: Record<string, any>[], message: string): number {
  return lines.filter((line) => line.message === message).length;
}

// The span of a request for the fair die, once the collector has it. The spans of its queries come no later.
async function requestSpan() {
  const find = () => collector.spans.find(({ attributes }) => attributes['die.identifier'] === 'fair');
  while (!find()) await sleep(10);

  return find()!;
}

function failures(queryType: string): Promise<number> {
  return service.metric(`database_queries_total{query_type="${queryType}",result="error"}`);
}

// One service goes through all outages of PostgreSQL.
let service: Awaited<ReturnType<typeof start>>;

test('it starts while PostgreSQL is down, says so, and finds it when it comes', async () => {
  await postgres.stop();
  service = await start();
  await service.logged('Database connection failed');

  assert.equal((await service.get('/readyz')).status, 503);
  assert.equal((await service.get('/healthz')).status, 200);
  assert.equal((await service.get('/dice')).status, 503);
  await postgres.start();
  await service.logged('Die specifications loaded');

  assert.equal((await service.get('/dice')).status, 200);
  assert.equal((await service.get('/readyz')).status, 200);
  assert.equal(await service.metric('die_specifications_loaded'), 2);
  assert.equal(await service.metric('die_specifications_requested_total{identifier="risky"}'), 0);
});

test('a request that failed leaves a span for each try, and a line for each of them', async () => {
  await service.until('/readyz', 200);
  await postgres.stop();
  collector.spans.length = service.lines.length = 0;
  await service.get('/dice?identifier=fair');
  const request = await requestSpan();
  await postgres.start();

  const ofRequest = service.lines.filter(({ trace_id }) => trace_id === request.traceId);
  const retries = ofRequest.filter(({ message }) => message === 'Database query retried');
  const queries = collector.spans.filter(({ kind, traceId }) => kind === CLIENT && traceId === request.traceId);

  assert.equal(request.status.code, ERROR);
  assert.ok(queries.length > 1);
  assert.equal(retries.length, queries.length - 1);
  assert.equal(countOf(ofRequest, 'Database query failed'), 1);
  for (const { level, query_type, identifier, error } of retries) {
    assert.deepEqual({ level, query_type, identifier }, { level: 'WARNING', query_type: 'get', identifier: 'fair' });
    assert.match(error, /ECONNREFUSED|CONNECTION_CLOSED|ECONNRESET|EPIPE|terminating connection/);
  }
  for (const { parentSpanId, name, status, attributes, events } of queries) {
    assert.equal(parentSpanId, request.spanId);
    assert.equal(name, 'SELECT die_specifications');
    assert.deepEqual({ code: status.code, events }, { code: ERROR, events: [] });
    assert.match(String(attributes['error.type']), /ECONNREFUSED|57P01|CONNECTION_CLOSED|ECONNRESET|EPIPE/);
    assert.match(String(attributes['db.query.text']), /WHERE identifier = \$1$/);
  }
});

test('a table that does not exist is an answer of 503, and is not tried again', async () => {
  const { default: connect } = await import('postgres');
  const other = connect(postgres.url, { max: 1, onnotice() {} });
  await service.until('/dice', 200);
  service.lines.length = 0;
  await other`ALTER TABLE die_specifications RENAME TO hidden`;
  collector.spans.length = 0;
  const { status } = await service.get('/dice?identifier=fair');
  const ready = await service.get('/readyz');
  await other`ALTER TABLE hidden RENAME TO die_specifications`;
  await other.end();

  assert.equal(status, 503);
  assert.equal(ready.status, 503);
  const error = service.lines.find(({ level }) => level === 'ERROR');
  assert.equal(error!.message, 'Database query failed');
  assert.equal(error!.query_type, 'get');
  assert.equal(error!.identifier, 'fair');
  assert.match(error!.error, /relation "die_specifications" does not exist/);
  assert.equal(countOf(service.lines, 'Database connection failed'), 0);
  const request = await requestSpan();
  const [query, ...more] = collector.spans.filter(
    ({ kind, traceId }) => kind === CLIENT && traceId === request.traceId,
  );
  assert.equal(more.length, 0);
  assert.equal(query.attributes['error.type'], '42P01');
});

const outages = {
  'is stopped': { begin: postgres.stop, end: postgres.start },
  'is killed': { begin: postgres.kill, end: postgres.start },
  'is silent': { begin: postgres.freeze, end: postgres.thaw },
};

for (const [what, { begin, end }] of Object.entries(outages)) {
  test(`while PostgreSQL ${what} every request is answered, with 200 or 503, and afterwards all is well again`, async () => {
    await service.until('/dice', 200);
    service.lines.length = 0;
    const earlier = { get: await failures('get'), list: await failures('list') };
    const finish = load(service.get);
    await sleep(500);
    await begin();
    await sleep(3000);

    assert.equal((await service.get('/readyz')).status, 503);
    assert.equal((await service.get('/healthz')).status, 200);
    await end();
    await service.until('/readyz', 200);
    await service.until('/dice', 200);
    await sleep(500);
    const answers = await finish();
    const refused = answers.filter(({ status }) => status === 503);

    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200, 503]));
    assert.deepEqual(new Set(refused.map(({ retryAfter }) => retryAfter)), new Set(['1']));
    // Less than two seconds, and what a busy machine makes of them.
    assert.ok(Math.max(...answers.map(({ milliseconds }) => milliseconds)) < 5000);
    assert.equal(await service.metric('database_connection_pool_available'), 10);
    assert.equal((await service.get('/dice')).status, 200);

    const failed = (await failures('get')) - earlier.get;
    const failedLists = (await failures('list')) - earlier.list;
    assert.equal(countOf(service.lines, 'Database query failed'), failed + failedLists);
    assert.ok(failed > 0);
    assert.ok(countOf(service.lines, 'Database connection failed') >= 1);
    assert.ok(countOf(service.lines, 'Database connection established') >= 1);
    assert.equal(countOf(service.lines, 'Request failed'), 0);
  });
}

test('after all these outages, the service still ends with exit code 0', async () => {
  service.child.kill();

  assert.equal(await service.exitCode(), 0);
});

// A way to PostgreSQL that breaks the first two connections at their first statement. Later it can be cut and mended at
// once, which PostgreSQL itself cannot.
async function startWay() {
  const sockets = new Set<Socket>();
  let toBreak = 2;
  const way = createServer((socket) => {
    const onward = connect(Number(new URL(postgres.url).port), '127.0.0.1');
    sockets.add(socket).add(onward);
    onward.on('error', () => socket.destroy()).pipe(socket.on('error', () => onward.destroy()));
    socket.on('close', () => onward.destroy());
    socket.on('data', (data) => {
      // The messages Query and Parse; those before them open the connection.
      if (toBreak === 0 || !'QP'.includes(String.fromCharCode(data[0]))) onward.write(data);
      else if (toBreak--) socket.resetAndDestroy();
    });
  });
  const mend = (port = 0) => once(way.listen(port, '127.0.0.1'), 'listening');
  await mend();
  const { port } = way.address() as { port: number };
  const cut = () => {
    way.close();
    sockets.forEach((socket) => socket.destroy());
  };
  after(cut);

  return { url: postgres.url.replace(/:\d+\//, `:${port}/`), toBreak: () => toBreak, cut, mend: () => mend(port) };
}

const way = await startWay();

test('a connection that breaks at its first statement is retried, and ends nothing else', async () => {
  service = await start(way.url);
  await service.until('/dice', 200);

  assert.equal(way.toBreak(), 0);
  assert.ok(countOf(service.lines, 'Database query retried') > 0);
  assert.equal(countOf(service.lines, 'Application failed'), 0);
});

test('an outage that is over soon is bridged by retries', async () => {
  way.cut();
  collector.spans.length = service.lines.length = 0;
  const answer = service.get('/dice?identifier=fair');
  while (countOf(service.lines, 'Database query retried') === 0) await sleep(10);
  await way.mend();

  assert.equal((await answer).status, 200);
  assert.notEqual((await requestSpan()).status.code, ERROR);
  assert.ok(countOf(service.lines, 'Database query retried') > 0);
  assert.equal(countOf(service.lines, 'Database query failed'), 0);
  service.child.kill();
  assert.equal(await service.exitCode(), 0);
});
