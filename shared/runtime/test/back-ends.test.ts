import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { backEndOf, type Setting } from '../plan/back-ends.ts';

const setting: Setting = {
  binary: '/bin/a',
  port: (container) => 10_000 + container,
  place: (target) => `/here${target}`,
};

test('a back end is known by its image, whatever registry of Docker, tag or digest is written', () => {
  const known = ['postgres', 'postgres:18.4', 'docker.io/library/postgres:18', 'grafana/tempo:2.9@sha256:ab'];
  const names = [...known, 'docker.io/prom/prometheus'].map((image) => backEndOf(image)?.image);
  assert.deepEqual(names, ['postgres', 'postgres', 'postgres', 'grafana/tempo', 'prom/prometheus']);
});

test('an image of another registry or owner is not a back end, and neither is a service that is built', () => {
  const others = ['localhost:5000/grafana/loki', 'someone/postgres:18', 'postgres-exporter', undefined];
  assert.deepEqual(others.map(backEndOf), [undefined, undefined, undefined, undefined]);
});

test('every back end listens at 127.0.0.1, at the ports that the stage gave it', () => {
  const flags = (image: string) => backEndOf(image)!.flags!(setting).join(' ');
  assert.equal(flags('prom/prometheus'), '--web.listen-address=127.0.0.1:19090');
  assert.match(flags('postgres'), /-c listen_addresses=127\.0\.0\.1 -c port=15432 /);
  const { GF_SERVER_HTTP_ADDR, GF_SERVER_HTTP_PORT } = backEndOf('grafana/grafana')!.environment!(setting);
  assert.deepEqual([GF_SERVER_HTTP_ADDR, GF_SERVER_HTTP_PORT], ['127.0.0.1', '13000']);
  for (const [image, http] of [
    ['grafana/loki', 13_100],
    ['grafana/tempo', 13_200],
  ] as const) {
    const keys = new Map(backEndOf(image)!.configuration!(setting).map(([path, value]) => [path.join('.'), value]));
    const server = ['http_listen_address', 'http_listen_port', 'grpc_listen_address', 'grpc_listen_port'];
    const values = server.map((key) => keys.get(`server.${key}`));
    assert.deepEqual(values, ['127.0.0.1', http, '127.0.0.1', 19_095], image);
  }
});

test("Grafana's own files are found beside the release that a link on the PATH leads to", (t) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'grafana-')));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const name of ['bin', 'conf', 'path/local']) mkdirSync(join(folder, name), { recursive: true });
  for (const file of ['bin/grafana', 'conf/defaults.ini']) writeFileSync(join(folder, file), '');
  symlinkSync(join(folder, 'bin/grafana'), join(folder, 'path/local/grafana'));
  const flags = backEndOf('grafana/grafana')!.flags!({ ...setting, binary: join(folder, 'path/local/grafana') });
  assert.deepEqual(flags, ['server', '--homepath', folder]);
});
