import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../../runtime/places.ts';
import { Problem } from '../../runtime/problem.ts';
import { bench as measureVariants } from '../bench.ts';
import { settingVariant } from '../variants.ts';

function bench(...words: string[]) {
  const cli = join(repositoryRoot, 'shared/bench/cli.ts');
  const options = { cwd: repositoryRoot, encoding: 'utf8', timeout: 240_000 } as const;

  return spawnSync(process.execPath, [cli, ...words], options);
}

/** A row of the tables, without its title. */
function row(output: string, title: string): string[] {
  const line = output.split('\n').find((line) => line.startsWith(`| ${title} `));

  return line!
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim());
}

const brief = ['--rounds', '1', '--requests', '40', '--warm-up', '10', '--connections', '4'];

test('a run prints its tables; a variant that loses its counts is named, and the run fails; no other loses any', () => {
  const preload = new URL('../without/preload.ts', import.meta.url).href;
  const setting = `NODE_OPTIONS=--import data:text/javascript,process.env.BENCH_WITHOUT='metrics' --import ${preload}`;
  const { stdout, stderr, status } = bench(...brief, '--with', setting);

  assert.equal(status, 1);
  const [lost, ...others] = stderr.slice(stderr.indexOf('Telemetry was lost:\n')).trim().split('\n').slice(1);
  assert.match(lost!, /NODE_OPTIONS=.*: counts per request must be 1 in every round, not 0$/);
  assert.deepEqual(others, []);
  const variants = ['baseline', 'stage 1', 'traces only', 'logs only', 'metrics only', setting];
  assert.deepEqual(row(stdout, 'median ± spread'), variants);
  assert.deepEqual(row(stdout, 'ratio to baseline'), variants);
  assert.deepEqual(row(stdout, 'spans per request'), ['0', '1', '1', '0', '0', '1']);
  assert.deepEqual(row(stdout, 'log lines per request'), ['0', '2', '0', '2', '0', '2']);
  assert.deepEqual(row(stdout, 'counts per request'), ['0', '1', '0', '0', '1', '0']);
  assert.match(stdout, /^Aims of stage 1:\n(  .+; .+\n){4}$/m);
});

test('a run in which nothing is lost passes', () => {
  const { stderr, status } = bench(...brief, '--only', 'none');

  assert.equal(status, 0, stderr);
  assert.doesNotMatch(stderr, /lost/);
});

test('a service that does not start is named, with what it printed', async () => {
  const size = { requests: 4, warmUp: 4, connections: 4 };
  const measuring = measureVariants([settingVariant('NODE_OPTIONS=--nonsense')], 1, size, () => undefined);

  await assert.rejects(measuring, (error) => {
    assert.ok(error instanceof Problem);
    assert.match(error.message, /NODE_OPTIONS=--nonsense did not start: .*--nonsense is not allowed/);
    return true;
  });
});

test('a setting of another form is refused', () => {
  const { stderr, status } = bench(...brief, '--with', 'X');

  assert.equal(status, 1);
  assert.match(stderr, /A setting is NAME=value, not "X"/);
});
