import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyRestart } from '../commands/restart-changed.ts';
import type { PlannedService } from '../plan/plan.ts';
import type { ServiceState, Status } from '../run/state.ts';

const before = { 'web/server.ts': '1', 'web/die.ts': '1', 'compose.yaml': '1' };

function why(after: Record<string, string>, status: Status = 'ready'): string | undefined {
  const entry = { name: 'web', status, fingerprint: before } as unknown as ServiceState;
  return whyRestart(entry, { name: 'web', fingerprint: after } as unknown as PlannedService);
}

test('a service is restarted for what changed, and two of the paths are named', () => {
  assert.equal(why({ ...before, 'web/die.ts': '2' }), 'web/die.ts changed');
  assert.equal(why({ ...before, 'web/die.ts': '2', 'compose.yaml': '2' }), 'web/die.ts and compose.yaml changed');
  assert.equal(why({ 'compose.yaml': '2' }), 'web/server.ts and web/die.ts and more changed');
});

test('a service that is down or paused is started again, and one that runs or has done its work is left alone', () => {
  const statuses: Status[] = ['stopped', 'crashed', 'paused', 'ready', 'restarting', 'completed', 'missing'];
  const down = ['it was stopped', 'it was crashed', 'it was paused'];
  assert.deepEqual(
    statuses.map((status) => why(before, status)),
    [...down, undefined, undefined, undefined, undefined],
  );
});

test('what changed of a service that is down is the reason', () => {
  assert.equal(why({ ...before, 'web/die.ts': '2' }, 'stopped'), 'web/die.ts changed');
});
