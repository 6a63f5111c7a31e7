import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import type { RunningStage } from '../../verify/stage/running-stage.ts';
import { sessionService } from '../../verify/test/session-service.ts';
import { signIn } from '../sign-in.ts';

suite('whoever drills a front end', () => {
  const stageWith = (t: TestContext, usage: string): RunningStage => {
    const directory = mkdtempSync(join(tmpdir(), 'stage-'));
    t.after(() => rmSync(directory, { recursive: true }));
    writeFileSync(join(directory, 'telemetry.yaml'), `services: { front: { usage: [${usage}] } }`);
    return { directory } as RunningStage;
  };

  test('signs in where that is a usage event', async (t) => {
    const { asked, url } = await sessionService(t);
    const stage = stageWith(t, '{ message: Usage, level: INFO, fields: { usage: true, event: sign-in } }');
    assert.deepEqual(await signIn(stage, { name: 'front', url }), { cookie: 'session=s1=; other=o' });
    assert.deepEqual(asked, ['POST | /api/sign-in | {"name":"drill"} | application/json | ']);
  });

  test('asks nobody where it is not', async (t) => {
    const { asked, url } = await sessionService(t);
    assert.deepEqual(await signIn(stageWith(t, ''), { name: 'front', url }), {});
    assert.deepEqual(asked, []);
  });
});
