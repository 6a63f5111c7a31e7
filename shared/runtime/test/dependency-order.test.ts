import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { PlannedService } from '../plan/plan.ts';
import { startInOrder, stopInOrder, type Ordered } from '../run/dependency-order.ts';

type Dependency = PlannedService['dependsOn'][number];

const service = (name: string, ...dependsOn: Dependency[]) => ({ name, dependsOn }) as PlannedService;
const healthy = (name: string): Dependency => ({ service: name, condition: 'service_healthy' });
const begun = (name: string): Dependency => ({ service: name, condition: 'service_started' });

/** Services that are spawned, ready and stopped when the test says so. */
function stageOf(...services: PlannedService[]) {
  const events: string[] = [];
  const steps = new Map<string, PromiseWithResolvers<void>>();
  const step = (name: string) => {
    if (!steps.has(name)) steps.set(name, Promise.withResolvers<void>());
    return steps.get(name)!;
  };
  const runner = ({ name }: PlannedService): Ordered => ({
    spawned: step(`${name} spawned`).promise,
    ready: step(`${name} ready`).promise,
    stop: () => {
      events.push(`stop ${name}`);
      return step(`${name} stopped`).promise;
    },
  });
  const launch = (planned: PlannedService) => {
    events.push(`start ${planned.name}`);
    return runner(planned);
  };
  return {
    events,
    start: () => startInOrder(services, launch),
    stop: () => stopInOrder(services, new Map(services.map((planned) => [planned.name, runner(planned)]))),
    happens: async (what: string) => {
      step(what).resolve();
      await turn();
    },
    fails: (what: string) => step(what).reject(new Error(what)),
  };
}

test('a service starts when what it needs is healthy, and another as soon as it has started', async () => {
  const stage = stageOf(
    service('web', healthy('database')),
    service('watcher', begun('database')),
    service('database'),
  );
  const all = stage.start();
  await turn();
  assert.deepEqual(stage.events, ['start database']);
  await stage.happens('database spawned');
  assert.deepEqual(stage.events, ['start database', 'start watcher']);
  await stage.happens('database ready');
  assert.deepEqual(stage.events, ['start database', 'start watcher', 'start web']);
  await stage.happens('web ready');
  await stage.happens('watcher ready');
  await all;
});

test('a service that two need is started once', async () => {
  const stage = stageOf(service('a', begun('c')), service('b', begun('c')), service('c'));
  void stage.start();
  await stage.happens('c spawned');
  assert.deepEqual(stage.events.toSorted(), ['start a', 'start b', 'start c']);
});

test('what fails fails the start, and nothing that needs it is started', async () => {
  const stage = stageOf(service('web', healthy('database')), service('database'));
  const all = stage.start();
  await turn();
  stage.fails('database ready');
  await assert.rejects(all, /database ready/);
  assert.deepEqual(stage.events, ['start database']);
});

test('a service is stopped when all that need it have stopped', async () => {
  const stage = stageOf(service('a', begun('c')), service('b', begun('c')), service('c'));
  const all = stage.stop();
  await turn();
  assert.deepEqual(stage.events, ['stop a', 'stop b']);
  await stage.happens('a stopped');
  assert.deepEqual(stage.events, ['stop a', 'stop b']);
  await stage.happens('b stopped');
  assert.deepEqual(stage.events, ['stop a', 'stop b', 'stop c']);
  await stage.happens('c stopped');
  await all;
});
