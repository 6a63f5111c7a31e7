import type { TestContext } from 'node:test';
import { join } from 'node:path';
import { repositoryRoot } from '../../runtime/places.ts';
import type { Span, TraceSummary } from '../../runtime/receiver/model.ts';
import { stageFixture } from '../../runtime/test/stage-fixture.ts';
import { portVariables } from '../../runtime/test/stage-ports.ts';
import { askJson } from '../../verify/read/ask.ts';
import type { RunningStage } from '../../verify/stage/running-stage.ts';

/**
 * Starts a stage natively, on ports and with a state folder that only this test has, and with the built-in receiver.
 * @returns its folder, which names it
 */
export async function startStage(t: TestContext, stage: string): Promise<string> {
  const directory = join(repositoryRoot, stage);
  // PostgreSQL is started with the help of some programs of the system.
  const { environment, runtime } = await stageFixture(t, directory, portVariables, '/usr/bin:/bin');
  Object.assign(process.env, environment, { PATH: process.env.PATH });
  const { code, output } = await runtime('up', directory);
  if (code !== 0) throw new Error(`${stage} did not start:\n${output}`);
  return directory;
}

/** The newest finished traces. @param from those that began then or later, in milliseconds since 1970 */
export async function newestTraces({ receiver }: RunningStage, from: number): Promise<Span[][]> {
  const { traces } = await askJson(`${receiver}/api/traces`, { limit: 30 });
  const wanted = traces.filter(({ finished, startMs }: TraceSummary) => finished && startMs >= from);
  const read = ({ traceId }: TraceSummary) => askJson(`${receiver}/api/traces/${traceId}`);
  return (await Promise.all(wanted.map(read))).map(({ spans }) => spans);
}
