import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readService } from '../compose/service.ts';

const read = (tree: Record<string, unknown>, variables = {}) => readService('web', tree, tree, variables);

suite('a service of compose.yaml', () => {
  test('has the defaults of Compose', () => {
    const { containerName, restart, stopGrace, environment, mounts, profiles, logging } = read({ image: 'a' });
    assert.deepEqual([containerName, restart, stopGrace, logging], ['web', 'no', 10_000, undefined]);
    assert.deepEqual([environment, mounts, profiles], [{}, [], []]);
  });

  test('has variables in either form, from the shell where they have no value', () => {
    const variables = { SHELL_ONLY: 'shell', A: 'not this' };
    const environment = { A: '1=2', SHELL_ONLY: 'shell' };
    assert.deepEqual(read({ environment: ['A=1=2', 'SHELL_ONLY', 'NOWHERE'] }, variables).environment, environment);
    const mapped = read({ environment: { A: '1=2', SHELL_ONLY: null, NOWHERE: null } }, variables);
    assert.deepEqual(mapped.environment, environment);
    assert.deepEqual(read({ environment: { A: '', B: 5, C: false } }).environment, { A: '', B: '5', C: 'false' });
  });

  test('has mounts in every form', () => {
    const long = { type: 'bind', source: './a', target: '/a', read_only: true };
    const { mounts } = read({ volumes: ['./b:/b:ro,z', '~/c:/c', 'data:/data', long], tmpfs: '/tmp:size=10m' });
    assert.deepEqual(
      mounts.map(({ type, source, target, readOnly }) => [type, source, target, readOnly]),
      [
        ['bind', './b', '/b', true],
        ['bind', '~/c', '/c', false],
        ['volume', 'data', '/data', false],
        ['bind', './a', '/a', true],
        ['tmpfs', '', '/tmp', false],
      ],
    );
    assert.throws(() => read({ volumes: ['/data'] }), /web: the volume "\/data" needs a source and a target/);
  });

  test('has a build in either form', () => {
    assert.deepEqual(read({ build: './web' }).build, { context: './web', dockerfile: 'Dockerfile' });
    assert.deepEqual(read({ build: { dockerfile: 'a.Dockerfile' } }).build, {
      context: '.',
      dockerfile: 'a.Dockerfile',
    });
  });

  test('has a command as words, numbers among them', () => {
    assert.deepEqual(read({ command: ['a b', 5] }).command, ['a b', '5']);
    assert.deepEqual(read({ command: ' a   --b=c ' }).command, ['a', '--b=c']);
    assert.equal(read({ command: null }).command, undefined);
    assert.throws(() => read({ command: 'a "b c"' }), /web: write the command as a list/);
  });

  test('needs others that have started, or that are as far as it says', () => {
    const started = [{ service: 'a', condition: 'service_started' }];
    assert.deepEqual(read({ depends_on: ['a'] }).dependsOn, started);
    assert.deepEqual(read({ depends_on: { a: {} } }).dependsOn, started);
    const healthy = { a: { condition: 'service_healthy' } };
    assert.deepEqual(read({ depends_on: healthy }).dependsOn, [{ service: 'a', condition: 'service_healthy' }]);
  });

  test('is given up when Docker would: after its start and three intervals, unless it says otherwise', () => {
    const patience = (healthcheck: object) =>
      read({ healthcheck: { test: ['CMD', 'a'], ...healthcheck } }).healthcheck?.patience;
    assert.equal(patience({}), 90_000);
    assert.equal(patience({ interval: '2s', retries: 5, start_period: '1m' }), 70_000);
    assert.equal(patience({ disable: true }), undefined);
    assert.equal(read({ healthcheck: { test: ['NONE'] } }).healthcheck, undefined);
  });
});
