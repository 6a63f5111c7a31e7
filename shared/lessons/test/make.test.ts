import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { repositoryRoot } from '../../runtime/places.ts';

/** The last command that make would run. */
function commandOf(...parameters: string[]): string {
  const options = { cwd: repositoryRoot, encoding: 'utf8', timeout: 60_000 } as const;
  const { stdout } = spawnSync('make', ['--dry-run', ...parameters], options);
  return stdout.split('\n').findLast((line) => line.includes('shared/lessons/cli.ts')) ?? '';
}

for (const [goal, command] of [
  ['stage-1 diff', /cli\.ts diff stage-1\s*$/],
  ['stage-1 diff SUMMARY=1', /cli\.ts diff stage-1 +--summary\s*$/],
  ['stage-1 diff ALL=1', /cli\.ts diff stage-1 --all\s*$/],
  ['stage-1 diff TELEMETRY=1', /cli\.ts diff stage-1 +--telemetry$/],
  ['lessons', /cli\.ts pages\s*$/],
  ['stage-2 lessons TODO=1', /cli\.ts pages stage-2 --todo$/],
  ['check', /cli\.ts check$/],
  ['propagate FROM=1', /cli\.ts propagate --from '1'\s*$/],
  ['propagate FROM=1 TO=3 SINCE=x DRY_RUN=1', /cli\.ts propagate --from '1' --to '3' --since 'x' --dry-run$/],
  ['branches', /cli\.ts branches\s*$/],
  ['branches TAG=1', /cli\.ts branches --tag$/],
] as const) {
  test(`make ${goal} does what it says`, () => assert.match(commandOf(...goal.split(' ')), command));
}
