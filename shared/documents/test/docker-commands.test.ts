import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nativeForm, serviceIn } from '../run/docker-commands.ts';

const forms: [string, string | undefined][] = [
  ['docker compose up -d --build --wait', 'make stage-1 up'],
  ['A=1 B=2 docker compose up -d --wait', 'A=1 B=2 make stage-1 up'],
  ['docker compose down', 'make stage-1 down'],
  ['docker compose stop postgres', 'make stage-1 stop SERVICE=postgres'],
  ['docker compose restart -t 0 postgres', 'make stage-1 restart SERVICE=postgres'],
  [
    'docker compose logs --no-log-prefix frontend | tail -n 1',
    'make stage-1 logs SERVICE=frontend RAW=1 FOLLOW=0 | tail -n 1',
  ],
  ['docker compose --profile traffic run --rm traffic', 'make stage-1 traffic SERVICE=traffic'],
  ['docker compose --profile load run --rm -e A=1 -e B=2 load', 'make stage-1 traffic SERVICE=load A=1 B=2'],
  ['docker compose --profile usage run --rm usage', 'make stage-1 usage'],
  ['docker compose exec postgres psql', undefined],
  ['docker pull postgres', undefined],
];

for (const [docker, native] of forms) {
  test(`without Docker, "${docker}" is ${native ?? 'not possible'}`, () => {
    assert.equal(nativeForm(docker, 'stage-1'), native);
  });
}

test('the service of a command is found behind its options', () => {
  assert.equal(serviceIn('docker compose exec postgres psql -U dice'), 'postgres');
  assert.equal(serviceIn('docker compose up -d --wait --force-recreate otel-collector'), 'otel-collector');
  assert.equal(serviceIn('docker compose up -d --wait'), undefined);
});
