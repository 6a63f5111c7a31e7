import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { ProcessRecord } from '../run/processes.ts';
import type { ServiceState } from '../run/state.ts';
import { fixtures, stageFixture, type Ends, type StageFixture } from './stage-fixture.ts';

export const small = join(fixtures, 'small');
export const variables = ['WEB_PORT', 'FRAIL_PORT', 'OTLP_HTTP_PORT', 'FLUENTD_PORT'];

export const smallStage = (t: Ends): Promise<StageFixture> => stageFixture(t, small, variables);

export async function smallStageUp(t: Ends): Promise<StageFixture & { web: string }> {
  const stage = await smallStage(t);
  const { code, output } = await stage.runtime('up', small);
  assert.equal(code, 0, output);
  return { ...stage, web: `http://127.0.0.1:${stage.environment.WEB_PORT}` };
}

export function recordsOf({ state }: StageFixture): ProcessRecord[] {
  const { services, supervisor } = state();
  return [supervisor, ...services.flatMap(({ process }) => (process ? [process] : []))];
}

export function serviceOf({ state }: StageFixture, name: string): ServiceState {
  return state().services.find((service) => service.name === name)!;
}
