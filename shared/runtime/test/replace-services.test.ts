import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Plan, PlannedService } from '../plan/plan.ts';
import type { OrderedStage } from '../run/one-service.ts';
import { replaceServices } from '../run/replace-services.ts';

const healthy = (service: string) => ({ service, condition: 'service_healthy' as const });

/** A stage of three services, where each needs the one before, and what happened to them. */
function stage(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'replace-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'web.yaml'), 'database: http://database:80\n');
  const copy = { target: '/web.yaml', path: join(folder, 'copy.yaml'), copyOf: join(folder, 'web.yaml') };
  const service = (name: string, ...dependsOn: PlannedService['dependsOn']) =>
    ({ name, kind: 'own', dependsOn, places: name === 'web' ? [copy] : [], stopGrace: 1, fingerprint: {} }) as any;
  const services = [service('database'), service('die', healthy('database')), service('web', healthy('die'))];
  const plan = { services, targets: [{ service: 'web', url: 'old' }], notes: ['old'], ports: {}, names: {} };
  const events: string[] = [];
  const ready = Promise.resolve();
  const runner = ({ name }: PlannedService): any => ({
    ...{ spawned: ready, ready },
    stop: () => Promise.resolve(void events.push(`stop ${name}`)),
  });
  const entries = services.map(({ name }) => ({ name, status: 'ready', url: 'old', stopGrace: 1, fingerprint: {} }));
  const ordered = {
    ...{ plan, state: { services: entries, ports: {}, page: 'old' } },
    runners: new Map(services.map((planned) => [planned.name, runner(planned)])),
    launch: (planned: PlannedService) => {
      events.push(`start ${planned.name} after ${planned.dependsOn.map((dependency) => dependency.service)}`);
      return runner(planned);
    },
  } as unknown as OrderedStage;
  return { ordered, events, copy: copy.path, plan: plan as unknown as Plan };
}

test('only what is named is replaced, in the order of its dependencies, and nothing waits for what keeps running', async (t) => {
  const { ordered, events, plan } = stage(t);
  await replaceServices({ plan: { ...plan }, services: ['web', 'die'] }, ordered);
  assert.deepEqual(events, ['stop web', 'stop die', 'start die after ', 'start web after die']);
});

test('the record and the list of targets follow the newer plan, and what is mounted is written again', async (t) => {
  const { ordered, plan, copy } = stage(t);
  const { targets } = ordered.plan;
  const services = plan.services.map((planned) => ({
    ...{ ...planned, url: 'http://localhost:9', stopGrace: 9, fingerprint: { a: 'b' } },
  }));
  const ports = { database: { 80: 5000 } };
  const next = {
    ...{ ...plan, services, ports, notes: ['new'], page: 'new', targets: [{ service: 'web', url: 'new' }] },
    names: { database: 'database' },
  };
  await replaceServices({ plan: next, services: ['web'] }, ordered);
  assert.deepEqual(
    ordered.state.services.map(({ url, stopGrace, fingerprint }) => [url, stopGrace, fingerprint]),
    [
      ['old', 1, {}],
      ['old', 1, {}],
      ['http://localhost:9', 9, { a: 'b' }],
    ],
  );
  assert.deepEqual([ordered.state.ports, ordered.state.notes, ordered.state.page], [ports, ['new'], 'new']);
  assert.equal(ordered.plan.targets, targets, 'the page of the receiver holds this very list');
  assert.deepEqual(targets, [{ service: 'web', url: 'new' }]);
  assert.equal(ordered.plan.services, services);
  assert.equal(readFileSync(copy, 'utf8'), 'database: http://127.0.0.1:5000\n');
});
