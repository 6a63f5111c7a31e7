import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { fingerprintOf, frameOf, sourceFiles, whatDiffers } from '../plan/fingerprint.ts';
import type { Plan, PlannedService } from '../plan/plan.ts';

/** A stage with one service, a file that is mounted into it, and what no service reads. */
function stage(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'fingerprint-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  };
  const sources = ['web/server.ts', 'web/src/die.ts', 'dice.json'];
  const others = ['web/test/die.test.ts', 'web/node_modules/a/index.js', 'web/.next/x.js', 'web/next-env.d.ts'];
  for (const path of [...sources, ...others]) write(path, path);
  const planned = {
    ...{ name: 'web', kind: 'own', directory: join(directory, 'web') },
    environment: { PORT: '8000', PATH: '/bin', HOME: '/home/a' },
    places: [{ target: '/dice.json', path: '/copy', copyOf: join(directory, 'dice.json') }],
  } as unknown as PlannedService;
  return { directory, write, planned };
}

suite('what a service was started from', () => {
  test('is its settings and every file that it reads, and nothing that a build or a test writes', (t) => {
    const { directory, planned } = stage(t);
    const paths = Object.keys(fingerprintOf(planned, directory)).sort();
    assert.deepEqual(paths, ['compose.yaml', 'dice.json', 'web/server.ts', 'web/src/die.ts']);
    assert.deepEqual(
      sourceFiles(directory).map((file) => relative(directory, file)),
      ['dice.json', 'web/server.ts', 'web/src/die.ts'],
    );
  });

  test('of a back end leaves out the folder that it writes to', (t) => {
    const { directory, planned } = stage(t);
    const backEnd: PlannedService = { ...planned, kind: 'back end' };
    assert.deepEqual(Object.keys(fingerprintOf(backEnd, directory)), ['compose.yaml', 'dice.json']);
  });

  test('is the same in another terminal, and differs by what was edited, added or removed', (t) => {
    const { directory, planned, write } = stage(t);
    const before = fingerprintOf(planned, directory);
    const elsewhere = {
      ...planned,
      environment: { ...planned.environment, PATH: '/usr/bin', HOME: '/root', NODE_COMPILE_CACHE: '/a' },
    };
    assert.deepEqual(whatDiffers(before, fingerprintOf(elsewhere, directory)), []);
    write('web/server.ts', 'edited');
    write('web/added.ts', '');
    write('web/test/added.test.ts', '');
    rmSync(join(directory, 'web/src/die.ts'));
    const after = fingerprintOf({ ...planned, environment: { PORT: '8001' } }, directory);
    assert.deepEqual(whatDiffers(before, after).sort(), [
      'compose.yaml',
      'web/added.ts',
      'web/server.ts',
      'web/src/die.ts',
    ]);
  });
});

test('the frame of a stage changes with its services and where their lines go, and with nothing else', () => {
  const plan = { services: [{ name: 'web', forwarded: true, command: ['a'] }], missing: [] } as unknown as Plan;
  const [web] = plan.services as [PlannedService];
  const changed = (more: Partial<Plan>): boolean => frameOf({ ...plan, ...more }) !== frameOf(plan);
  assert.deepEqual(
    [
      changed({ services: [{ ...web, command: ['b'] }], notes: ['a note'] }),
      changed({ services: [{ ...web, forwarded: false }] }),
      changed({ services: [web, { ...web, name: 'other' }] }),
      changed({ missing: [{ name: 'loki', cost: 'logs' }] }),
      changed({ receiver: { port: 4318, inPlaceOf: 'collector' } }),
      changed({ fluentd: '127.0.0.1:24224' }),
    ],
    [false, true, true, true, true, true],
  );
});
