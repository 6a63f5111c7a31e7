import { context, createContextKey, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { register } from 'import-in-the-middle/register-hooks.mjs';
import assert from 'node:assert/strict';
import { after, beforeEach } from 'node:test';
import { PostgresInstrumentation } from '../src/postgres-instrumentation.ts';
import { freePort, startPostgres, test } from './postgres.ts';

const exporter = new InMemorySpanExporter();
const instrumentation = new PostgresInstrumentation();
register({ include: ['postgres'] });
let started = 0;
const counter = { onStart: () => started++, onEnd() {}, forceFlush: async () => {}, shutdown: async () => {} };
const sdk = new NodeSDK({
  spanProcessors: [new SimpleSpanProcessor({ exporter }), counter],
  instrumentations: [instrumentation],
});
sdk.start();

const { default: postgres } = await import('postgres');
const server = await startPostgres();
const options = { max: 2, fetch_types: false, backoff: () => 0.01, onnotice() {} };
const sql = postgres(server.url, options);

beforeEach(() => exporter.reset());

after(async () => {
  await sql.end();
  await server.remove();
  await sdk.shutdown();
});

function inRequest<T>(action: () => Promise<T>): Promise<T> {
  return trace.getTracer('test').startActiveSpan('request', (span) => action().finally(() => span.end()));
}

function spans() {
  const finished = exporter.getFinishedSpans();

  return finished.filter(({ kind }) => kind === SpanKind.CLIENT);
}

function assertChildren(count: number) {
  const request = exporter.getFinishedSpans().find(({ name }) => name === 'request');
  assert.equal(spans().length, count);
  for (const span of spans()) assert.equal(span.parentSpanContext?.spanId, request?.spanContext().spanId);
}

test('a query is one client span, and a child of the span that is active when it is sent', async () => {
  await inRequest(async () => {
    const [row] = await sql`SELECT 1 AS one`;
    assert.deepEqual({ ...row }, { one: 1 });
  });

  assertChildren(1);
  assert.equal(spans()[0].status.code, SpanStatusCode.UNSET);
});

test('a span is named after the summary in its context, which it also holds', async () => {
  const summarized = context.active().setValue(createContextKey('db.query.summary'), 'SELECT pg_type');
  await context.with(summarized, async () => sql`SELECT oid FROM pg_type LIMIT 1`);
  const [{ name, attributes }] = spans();

  assert.equal(name, 'SELECT pg_type');
  assert.equal(attributes['db.query.summary'], 'SELECT pg_type');
});

test('without a summary a span is named after its database, and nothing is parsed from the text', async () => {
  await sql`/* find the user */ WITH one AS (SELECT 1) SELECT * FROM one`;
  const [{ name, attributes }] = spans();

  assert.equal(name, 'postgres');
  assert.equal('db.query.summary' in attributes, false);
  assert.equal('db.operation.name' in attributes, false);
});

test('where no span is active, a query begins a trace', async () => {
  await sql`SELECT 1`;

  assert.equal(spans().length, 1);
  assert.equal(spans()[0].parentSpanContext, undefined);
});

test('a query that is awaited twice, or is never sent, makes no further span', async () => {
  const query = sql`SELECT 1`;
  sql`SELECT 2`;
  await Promise.all([query, query.then(() => 0), query.catch(() => 0), query.finally(() => 0)]);

  assert.equal(spans().length, 1);
});

test('queries at the same time are children of their own requests', async () => {
  await Promise.all([1, 2, 3, 4, 5].map((number) => inRequest(async () => sql`SELECT ${number}::int`)));
  const requests = exporter.getFinishedSpans().filter(({ name }) => name === 'request');
  const ids = requests.map((span) => span.spanContext().spanId);

  assert.deepEqual(
    spans()
      .map((span) => span.parentSpanContext!.spanId)
      .sort(),
    ids.sort(),
  );
});

const texts = {
  'a value': [() => sql`SELECT ${'secret'}::text`, 'SELECT $1::text'],
  'a list': [() => sql`SELECT 1 WHERE 'a' IN ${sql(['secret', 'b'])}`, `SELECT 1 WHERE 'a' IN $1`],
  'an identifier and a fragment': [
    () => sql`SELECT ${sql('oid')} FROM pg_type WHERE ${sql`typname = ${'secret'}`}`,
    'SELECT $1 FROM pg_type WHERE $2',
  ],
} as const;

for (const [what, [query, text]] of Object.entries(texts)) {
  test(`the text of a query with ${what} has placeholders only`, async () => {
    // The second time it is a prepared statement.
    await query();
    await query();

    for (const { attributes } of spans()) {
      assert.equal(attributes['db.query.text'], text);
      assert.equal(attributes['db.statement'], text);
    }
    assert.equal(spans().length, 2);
  });
}

test('a text that may hold values is not shown', async () => {
  await sql.unsafe(`SELECT 'secret'`);

  assert.equal(spans().length, 1);
  assert.doesNotMatch(JSON.stringify(spans()[0].attributes), /secret/);
});

test('a transaction is the spans of its queries, with its begin and its end', async () => {
  const result = await inRequest(() => sql.begin(async (transaction) => transaction`SELECT ${1}::int AS one`));

  assert.deepEqual({ ...result[0] }, { one: 1 });
  assertChildren(3);
});

test('a transaction that fails ends with a rollback', async () => {
  await assert.rejects(inRequest(() => sql.begin((transaction) => transaction`SELECT 1/0`)));

  assertChildren(3);
});

test('a reserved connection is traced like any other', async () => {
  const reserved = await sql.reserve();
  await reserved`SELECT 1`;
  reserved.release();

  assert.equal(spans().length, 1);
});

test('a query fails with the error of the server, and its span has the SQLSTATE', async () => {
  await assert.rejects(
    inRequest(async () => sql`SELECT * FROM nowhere WHERE a = ${'secret'}`),
    { code: '42P01' },
  );
  const [{ status, attributes, events }] = spans();

  assert.equal(status.code, SpanStatusCode.ERROR);
  assert.equal(attributes['error.type'], '42P01');
  assert.equal(attributes['db.response.status_code'], '42P01');
  assert.equal(attributes['db.query.text'], 'SELECT * FROM nowhere WHERE a = $1');
  assert.deepEqual(events, []);
});

test("no value gets into a span, not even through an error's message", async () => {
  await assert.rejects(async () => sql`SELECT ${'secret-value'}::text::int`, /secret-value/);
  const [{ attributes, status, events }] = spans();

  assert.equal(attributes['error.type'], '22P02');
  assert.doesNotMatch(JSON.stringify({ attributes, status, events }), /secret-value/);
});

for (const [form, read] of Object.entries({
  iterator: async () => {
    for await (const _rows of sql`SELECT generate_series(1, 3)`.cursor(1));
  },
  callback: () => sql`SELECT generate_series(1, 3)`.cursor(1, () => {}),
})) {
  test(`a query that is read by a cursor (${form}) starts no span, so that none stays open`, async () => {
    started = 0;
    await read();

    assert.equal(started, 0);
  });
}

test('a connection that fails leaves its code, and the text of the query still holds no value', async () => {
  const nothing = postgres({ ...options, host: '127.0.0.1', port: await freePort(), user: 'dice', database: 'none' });
  await assert.rejects(async () => nothing`SELECT ${'secret'}::text`, { code: 'ECONNREFUSED' });
  await nothing.end();
  const [{ name, status, attributes }] = spans();

  assert.equal(name, 'none');
  assert.equal(status.code, SpanStatusCode.ERROR);
  assert.equal(attributes['error.type'], 'ECONNREFUSED');
  assert.equal('db.response.status_code' in attributes, false);
  assert.equal(attributes['db.query.text'], 'SELECT $1::text');
});

test('each client has its own attributes', async () => {
  const other = postgres(server.url, { ...options, database: 'template1' });
  await Promise.all([sql`SELECT 1`, other`SELECT 1`]);
  await other.end();

  assert.deepEqual(
    spans()
      .map(({ attributes }) => attributes['db.namespace'])
      .sort(),
    ['postgres', 'template1'],
  );
});

test('what hangs on the exported function is still there', () => {
  assert.equal(postgres.toCamel('a_b'), 'aB');
  assert.equal(typeof postgres.PostgresError, 'function');
});

test('switched off it makes no spans, and switched on again one a query', async () => {
  instrumentation.disable();
  await sql`SELECT 1`;
  assert.equal(spans().length, 0);

  instrumentation.enable();
  await sql`SELECT 1`;
  assert.equal(spans().length, 1);
});
