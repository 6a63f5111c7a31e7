import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { readComposeFile } from '../../runtime/compose/compose-file.ts';
import { repositoryRoot } from '../../runtime/places.ts';
import { eventually } from '../../runtime/test/stage-fixture.ts';
import type { Answer } from '../answer.ts';
import { catalogue, choices, incidentsOf } from '../catalogue.ts';
import type { Incident } from '../incident.ts';
import { judge } from '../judge.ts';
import { traceReader } from '../read-traces.ts';
import { sealIncident } from '../record.ts';
import { nativeScene } from '../scene/native-scene.ts';
import type { Scene } from '../scene/scene.ts';
import { simulateUsers } from '../users.ts';
import { newestTraces, startStage } from './incident-stage.ts';

const stages = ['stage-3', 'stage-4', 'stage-5', 'stage-6'];
const calm = 8;

/** Each incident in one stage that offers it: the one with the fewest so far. */
function share(): Map<string, Incident[]> {
  const shares = new Map(stages.map((stage) => [stage, [] as Incident[]]));
  const offers = new Map(stages.map((stage) => [stage, incidentsOf(readComposeFile(join(repositoryRoot, stage)))]));
  for (const incident of catalogue.filter(({ cause }) => cause !== 'none')) {
    const fitting = stages.filter((stage) => offers.get(stage)!.includes(incident));
    const [least] = fitting.map((stage) => shares.get(stage)!).sort((a, b) => a.length - b.length);
    least!.push(incident);
  }
  return shares;
}

/** Waits for a trace that shows the incident. */
async function untilSeen({ stage }: Scene, incident: Incident, from: number): Promise<string> {
  return eventually(async () => {
    const trace = (await newestTraces(stage, from)).find(incident.isSymptom);
    assert.ok(trace, `no trace shows: ${incident.name}`);
    return trace[0]!.traceId;
  });
}

/** Waits until the newest traces no longer show the incident. */
async function untilCalm({ stage }: Scene, incident: Incident): Promise<void> {
  const from = Date.now();
  await eventually(async () => {
    const traces = (await newestTraces(stage, from)).slice(0, calm);
    assert.equal(traces.length, calm, 'users still get answers');
    assert.deepEqual(traces.filter(incident.isSymptom), [], `no trace shows any more: ${incident.name}`);
  });
}

async function judged(scene: Scene, incident: Incident, began: number, trace: string): Promise<void> {
  const { stage } = scene;
  const place = { stage: stage.name, directory: stage.directory, runtime: 'native', asked: began } as const;
  const keeper = { pid: process.pid, startedAs: 'test' };
  const sealed = sealIncident({ ...place, keeper }, { incident, began, seed: '1' });
  const lists = choices(readComposeFile(stage.directory));
  const pointsOf = async (answer: Answer): Promise<number> => (await judge(sealed, answer, traceReader(stage))).points;
  const { cause, services } = incident;
  const otherCause = lists.causes.find((name) => name !== cause)!;
  const otherService = lists.services.find((name) => !services.includes(name))!;
  for (const service of services) {
    assert.equal(await pointsOf({ since: began + 55_000, service, cause, trace }), 4, 'the right answer');
    assert.equal(await pointsOf({ since: began - 90_000, service, cause: otherCause, trace }), 2, 'half of it');
  }
  const wrong = { since: began + 90_000, service: otherService, cause: otherCause, trace: 'f'.repeat(32) };
  assert.equal(await pointsOf(wrong), 0, 'the wrong answer');
}

async function bringAbout(scene: Scene, incident: Incident): Promise<void> {
  const stop = new AbortController();
  const began = Date.now();
  const running = incident.run(scene, stop.signal);
  try {
    await judged(scene, incident, began, await untilSeen(scene, incident, began));
  } finally {
    stop.abort();
    await running;
    await incident.restore?.(scene);
    if (incident.cause === 'bad-deployment') await scene.redeploy(incident.services[0]!, {});
  }
  await untilCalm(scene, incident);
}

for (const [name, incidents] of share()) {
  test(`the incidents of ${name}, on a running copy`, async (t) => {
    const scene = nativeScene(await startStage(t, name));
    await scene.prepare();
    const stop = new AbortController();
    const users = simulateUsers(scene.stage, { count: 5, seed: name }, stop.signal);
    for (const incident of incidents) {
      await t.test(`${incident.cause}: ${incident.name}`, () => bringAbout(scene, incident));
    }
    await scene.restore();
    await scene.close();
    await t.test('it runs without us in the end', () => runsAlone(t, scene));
    stop.abort();
    await users;
  });
}

async function runsAlone(_t: TestContext, { stage }: Scene): Promise<void> {
  const from = Date.now();
  await eventually(async () => {
    const traces = await newestTraces(stage, from);
    const whole = traces.filter((spans) => new Set(spans.map(({ service }) => service)).size === 3);
    assert.ok(whole.length >= calm, 'requests reach all services');
  });
}
