import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { createApp } from '../src/app.ts';

const server = createApp().listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;

after(() => server.close());

async function getMetrics(headers?: Record<string, string>) {
  const response = await fetch(url, { headers });

  return { status: response.status, type: response.headers.get('content-type')!, text: await response.text() };
}

const prometheus3 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
const openMetrics = { Accept: prometheus3 };

test('/metrics answers in OpenMetrics when asked for it', async () => {
  const { status, type, text } = await getMetrics(openMetrics);

  assert.equal(status, 200);
  assert.match(type, /^application\/openmetrics-text; version=1\.0\.0/);
  assert.match(text, /^# TYPE http_requests counter$/m);
  assert.match(text, /^http_requests_total\{/m);
  assert.match(text, /# EOF\n$/);
});

for (const accept of ['*/*', 'text/plain', 'text/html,*/*;q=0.8']) {
  test(`/metrics answers in the text format to Accept: ${accept}`, async () => {
    const { status, type, text } = await getMetrics({ Accept: accept });

    assert.equal(status, 200);
    assert.match(type, /^text\/plain; version=0\.0\.4/);
    assert.match(text, /^# TYPE http_requests_total counter$/m);
    assert.match(text, /^http_requests_total\{/m);
    assert.doesNotMatch(text, /# EOF/);
  });
}

test('/metrics answers in the right format when both are asked for at once', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => getMetrics(index % 2 ? openMetrics : undefined)),
  );

  for (const [index, { text }] of answers.entries()) {
    assert.equal(/# EOF\n$/.test(text), index % 2 === 1);
    assert.equal(/^# TYPE http_requests counter$/m.test(text), index % 2 === 1);
    assert.doesNotMatch(text, /_total_total|^http_requests\{/m);
  }
});

const promtool = spawnSync('promtool', ['--version']).error ? 'promtool is not installed' : false;

test('promtool finds nothing to complain about in /metrics', { skip: promtool }, async () => {
  await getMetrics(openMetrics);
  const { text } = await getMetrics();
  const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });

  assert.equal(stderr, '');
  assert.equal(status, 0);
});
