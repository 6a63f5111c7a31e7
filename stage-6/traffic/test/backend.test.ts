import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json, text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';

const { PATH, NODE_COMPILE_CACHE } = process.env;

async function listen(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());

  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

// Runs the script against a dice-roller that answers with this status, and collects what it sends.
async function generate(
  t: TestContext,
  status: number,
  { answer = '{}', ...environment }: Record<string, string> = {},
) {
  const asked: { url: string; traceparent: string }[] = [];
  const spans: any[] = [];
  const backEnd = await listen(t, (request, response) => {
    if (request.url === '/healthz') return response.end();
    if (request.url === '/dice') return response.end('{"identifiers":["fair","risky"]}');
    asked.push({ url: request.url!, traceparent: String(request.headers.traceparent) });
    response.writeHead(status).end(answer);
  });
  const collector = await listen(t, async (request, response) => {
    const { resourceSpans } = (await json(request)) as any;
    for (const { resource, scopeSpans } of resourceSpans)
      spans.push(...scopeSpans.flatMap((scope: any) => scope.spans.map((span: any) => ({ ...span, resource }))));
    response.statusCode = environment.COLLECTOR === 'refuses' ? 400 : 200;
    response.setHeader('Content-Type', 'application/json').end('{}');
  });
  const child = spawn(process.execPath, ['generate.ts'], {
    cwd: new URL('..', import.meta.url),
    env: {
      ...{ PATH, NODE_COMPILE_CACHE, TARGET: 'backend', DICE_ROLLER_URL: backEnd, FRONTEND_URL: 'http://127.0.0.1:9' },
      DIE_SERVICE_URL: backEnd,
      ...{ NUM_USERS: '2', MAX_REQUESTS_PER_USER: '3', SEED: 'one', ASYNC_PROBABILITY: '0' },
      ...{ OTEL_SERVICE_NAME: 'frontend', OTEL_TRACES_EXPORTER: 'otlp', OTEL_METRICS_EXPORTER: 'none' },
      ...{ OTEL_LOGS_EXPORTER: 'none', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
      ...{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector}/v1/traces`, ...environment },
    },
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);

  return { code, output, asked, spans };
}

const attributes = (span: any) =>
  Object.fromEntries(span.attributes.map(({ key, value }: any) => [key, Object.values(value)[0]]));

test('TARGET=backend asks dice-roller, for batches too, in the trace of a click, said to be of the front end', async (t) => {
  const settings = { answer: '{"roll":1}', NODE_OPTIONS: '--import tsx', ASYNC_PROBABILITY: '0.5' };
  const { code, output, asked, spans } = await generate(t, 200, settings);
  const clicks = spans.filter(({ name }) => name === 'button click');
  const requests = spans.filter(({ name }) => name === 'GET');

  assert.equal(code, 0);
  assert.match(output, new RegExp(`complete: ${asked.length} rolled, 0 failed, 0 unanswered`));
  assert.equal(clicks.length, asked.length);
  assert.equal(requests.length, asked.length);
  assert.deepEqual([...new Set(asked.map(({ url }) => url.replace(/=(fair|risky|\d+)/g, '')))].sort(), [
    '/roll-async?die&times',
    '/roll?die',
  ]);
  for (const click of clicks) {
    const request = requests.find(({ parentSpanId }) => parentSpanId === click.spanId);
    const sent = asked.find(({ traceparent }) => traceparent === `00-${click.traceId}-${request.spanId}-01`);
    assert.equal(attributes(click.resource)['service.name'], 'frontend');
    assert.equal(attributes(click)['backend.status_code'], 200);
    assert.match(attributes(click)['backend.url'], new RegExp(`${RegExp.escape(sent!.url)}$`));
    assert.match(sent!.url, new RegExp(`^/roll(-async)?\\?die=${attributes(click)['die.type']}(&times=\\d+)?$`));
    assert.match(output, new RegExp(`got 200 for .*, trace ${click.traceId}`));
  }
});

test('TARGET=backend shows a failed roll as a failed click, and ends well although its spans are refused', async (t) => {
  const { code, output, asked, spans } = await generate(t, 500, { COLLECTOR: 'refuses' });
  const clicks = spans.filter(({ name, status }) => name === 'button click' && status.code === 2);

  assert.equal(code, 0);
  assert.match(output, /Traffic generation complete/);
  assert.equal(clicks.length, asked.length);
  assert.equal(
    clicks.every((click) => attributes(click)['backend.status_code'] === 500),
    true,
  );
});

test('TARGET=backend names no trace that was not sampled', async (t) => {
  const { code, output, spans } = await generate(t, 200, { OTEL_TRACES_SAMPLER: 'always_off' });

  assert.equal(code, 0);
  assert.equal(spans.length, 0);
  assert.match(output, /got 200 for \w+, trace not sampled/);
});
