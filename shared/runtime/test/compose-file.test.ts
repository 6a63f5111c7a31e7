import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { readComposeFile } from '../compose/compose-file.ts';
import { readDockerfile } from '../compose/dockerfile.ts';
import { parseDuration } from '../compose/duration.ts';

function folder(t: TestContext, compose: string, files: Record<string, string> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), 'compose-'));
  t.after(() => rmSync(directory, { recursive: true }));
  for (const [name, text] of Object.entries({ 'compose.yaml': compose, ...files }))
    writeFileSync(join(directory, name), text);
  return directory;
}

test('anchors, merges, variables and both forms of a list are read', (t) => {
  const compose = `
name: stage-9
x-common: &common { restart: unless-stopped }
services:
  web:
    <<: *common
    build: ./web
    command: node server.js
    ports: ['127.0.0.1:\${WEB_PORT:-8000}:80']
    environment: ['A=b=c', PASSED, ABSENT]
    volumes: ['./a.yaml:/a.yaml:ro', 'data:/data']
    depends_on: [db]
    stop_grace_period: 1m30s
  db: { image: 'postgres:18.4', depends_on: {}, healthcheck: { test: pg_isready, interval: 1s, retries: 5, start_period: 2s } }
`;
  const { name, services } = readComposeFile(folder(t, compose), { WEB_PORT: '9', PASSED: 'through' });
  const [web, db] = services;
  assert.equal(name, 'stage-9');
  assert.equal(web!.restart, 'unless-stopped');
  assert.deepEqual(web!.command, ['node', 'server.js']);
  assert.deepEqual(web!.ports, [{ host: 9, container: 80, variable: 'WEB_PORT' }]);
  assert.deepEqual(web!.environment, { A: 'b=c', PASSED: 'through' });
  assert.deepEqual(web!.dependsOn, [{ service: 'db', condition: 'service_started' }]);
  assert.equal(web!.stopGrace, 90_000);
  assert.deepEqual(
    web!.mounts.map(({ type, readOnly }) => [type, readOnly]),
    [
      ['bind', true],
      ['volume', false],
    ],
  );
  assert.deepEqual(db!.healthcheck, { test: ['pg_isready'], patience: 7000 });
});

test('a .env file next to compose.yaml gives values, and the environment overrides it', (t) => {
  const compose = 'services: { web: { image: "a:${TAG}", container_name: "${OTHER}" } }';
  const directory = folder(t, compose, { '.env': 'TAG=1\nOTHER=file\n' });
  const [web] = readComposeFile(directory, { OTHER: 'shell' }).services;
  assert.deepEqual([web!.image, web!.containerName], ['a:1', 'shell']);
});

for (const [fault, compose, message] of [
  ['an unknown key of a service', 'services: { web: { image: a, networks: [x] } }', /service|web: .*"networks"/],
  ['an unknown key at the top', 'networks: {}\nservices: {}', /at the top: .*"networks"/],
  ['an unknown key of a health check', 'services: { web: { healthcheck: { tset: x } } }', /web\.healthcheck: .*"tset"/],
  [
    'an unknown key of a dependency',
    'services: { a: { depends_on: { b: { when: x } } }, b: {} }',
    /a\.depends_on\.b: .*"when"/,
  ],
  ['a dependency that is no service', 'services: { web: { depends_on: [dbb] } }', /web: it depends on "dbb"/],
  ['a cycle of dependencies', 'services: { a: { depends_on: [b] }, b: { depends_on: [a] } }', /a → b → a is a cycle/],
  ['a port that is none', 'services: { web: { ports: ["127.0.0.1:${WEB_PORT:-x}:80"] } }', /WEB_PORT/],
  [
    'a port on every interface without a host port',
    'services: { web: { ports: ["80"] } }',
    /web: "80" is not a port mapping/,
  ],
  ['a command for a shell', 'services: { web: { command: "a && b" } }', /web: write the command as a list/],
  ['text that is no YAML', 'services: [', /not valid YAML/],
] as const) {
  test(`${fault} is refused by name`, (t) => {
    assert.throws(() => readComposeFile(folder(t, compose), {}), message);
  });
}

test("a Dockerfile's final stage says how to start, and inherits from an earlier one", () => {
  const image = readDockerfile(`
# comment
FROM node:24 AS base
ENV NODE_ENV=production \\
    TITLE="two words"
FROM base AS build
CMD ["npm", "run", "build"]
FROM --platform=linux/amd64 base
WORKDIR /app
ENV OLD form
ENTRYPOINT ["node"]
CMD ["src/server.ts"]
`);
  assert.deepEqual(image, {
    ...{ from: 'node:24', workdir: '/app', entrypoint: ['node'], command: ['src/server.ts'] },
    environment: { NODE_ENV: 'production', TITLE: 'two words', OLD: 'form' },
  });
});

test('a CMD for a shell is refused', () => {
  assert.throws(
    () => readDockerfile('FROM a\nCMD node server.js', 'web/Dockerfile'),
    /web\/Dockerfile: write CMD as a list/,
  );
});

test('durations are milliseconds', () => {
  assert.deepEqual(['500ms', '5s', '1m30s', '1.5h'].map(parseDuration), [500, 5000, 90_000, 5_400_000]);
  assert.throws(() => parseDuration('5'), /not a duration/);
});
