import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../..');

function run(command: string, ...parameters: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(join(root, 'node_modules/.bin', command), parameters, { cwd: root }, (error, stdout, stderr) => {
      resolve({ code: error ? 1 : 0, output: stdout + stderr });
    });
  });
}

// What has not changed since an earlier run need not be read again.
const cached = ['--cache', '--cache-strategy', 'content'];

test('the sources are formatted (make format mends them)', async () => {
  const { code, output } = await run('prettier', '--check', ...cached, '--cache-location', '.run/prettier-cache', '.');

  assert.equal(code, 0, output);
});

const projects = globSync(['shared/tsconfig.json', 'shared/baseline/*/tsconfig.json', 'stage-*/*/tsconfig.json'], {
  cwd: root,
});

for (const project of projects) {
  test(`the types of ${dirname(project)} hold`, async () => {
    const known = join('.run/types', project.replaceAll('/', '-'));
    const { code, output } = await run('tsc', '--noEmit', '--incremental', '--tsBuildInfoFile', known, '-p', project);

    assert.equal(code, 0, output);
  });
}
