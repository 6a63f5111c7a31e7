import assert from 'node:assert/strict';
import { test } from 'node:test';
import { portReferences, rewriteAddresses, rewriteEnvironment } from '../plan/addresses.ts';
import { rewritePaths } from '../plan/mounts.ts';

const names = {
  web: 'web',
  postgres: 'postgres',
  'postgres-exporter': 'postgres-exporter',
  'otel-collector': 'otel-collector',
};
const ports = {
  web: { 8000: 18000 },
  postgres: { 5432: 25432 },
  'postgres-exporter': { 9187: 9187 },
  'otel-collector': { 4318: 4318 },
};
const rewrite = (text: string): string => rewriteAddresses(text, 'web', names, ports);

for (const [text, expected] of [
  ['http://otel-collector:4318/v1/traces', 'http://127.0.0.1:4318/v1/traces'],
  ["targets: ['web:8000', 'postgres-exporter:9187']", "targets: ['127.0.0.1:18000', '127.0.0.1:9187']"],
  ['postgres://dice:pw@postgres:5432/dicedb', 'postgres://dice:pw@127.0.0.1:25432/dicedb'],
  ['endpoint: 0.0.0.0:8000', 'endpoint: 127.0.0.1:18000'],
  ['listen on [::]:8000 or 0.0.0.0', 'listen on 127.0.0.1:18000 or 127.0.0.1'],
  [
    'http://localhost:8000 is me, http://localhost:9999 is not',
    'http://127.0.0.1:18000 is me, http://localhost:9999 is not',
  ],
] as const) {
  test(`"${text}" is rewritten`, () => assert.equal(rewrite(text), expected));
}

for (const text of [
  'job_name: web',
  'my-web:8000',
  'web.example:8000',
  'allow 0.0.0.0/0',
  'spider-web:8000 10.0.0.0:80',
]) {
  test(`"${text}" stays unchanged`, () => assert.equal(rewrite(text), text));
}

test('an address whose halves are separate is rewritten, a name that is not an address is not', () => {
  const environment = { HOST: '0.0.0.0', PORT: '8000', PGHOST: 'postgres', PGPORT: '5432', OTEL_SERVICE_NAME: 'web' };
  assert.deepEqual(rewriteEnvironment(environment, 'web', names, ports), {
    ...{ HOST: '127.0.0.1', PORT: '18000', PGHOST: '127.0.0.1', PGPORT: '25432', OTEL_SERVICE_NAME: 'web' },
  });
});

test("references name the service that has the port; a text's own 127.0.0.1 may be anything", () => {
  assert.deepEqual(portReferences('0.0.0.0:1 postgres:2 127.0.0.1:3', 'web', names), [
    { service: 'web', port: 1 },
    { service: 'postgres', port: 2 },
  ]);
});

test('paths are rewritten whole, the longest first', () => {
  const places = [
    { target: '/loki', path: '/tmp/volume' },
    { target: '/loki/rules', path: '/tmp/copy' },
  ];
  const text = 'a: /loki/chunks, b: /loki/rules/x, c: http://loki:3100/loki/api, d: /lokinet, e: ./loki';
  const expected = 'a: /tmp/volume/chunks, b: /tmp/copy/x, c: http://loki:3100/loki/api, d: /lokinet, e: ./loki';
  assert.equal(rewritePaths(text, places), expected);
});
