import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../..');

function run(command: string, ...parameters: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(join(root, 'node_modules/.bin', command), parameters, { cwd: root }, (error, stdout, stderr) => {
      resolve({ code: error ? 1 : 0, output: stdout + stderr });
    });
  });
}

/** What prettier would find in the root, but of a file that several stages have, byte for byte, only the first. */
function withoutCopies(): string[] {
  const others = readdirSync(root).filter((name) => !/^(stage-\d+|node_modules|\.git|\.run.*)$/.test(name));
  const exclude = ['stage-*/**/node_modules', 'stage-*/**/.next'];
  const found = globSync(['stage-*/**/*', 'stage-*/**/.*'], { cwd: root, exclude, withFileTypes: true });
  const paths = found.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const alike = Map.groupBy(paths.sort(), (path) => `${basename(path)}\n${readFileSync(path)}`);
  return [...others, ...alike.values().map(([first]) => first!)];
}

test('the sources are formatted (make format mends them)', async () => {
  // What has not changed since an earlier run need not be read again.
  const cached = ['--cache', '--cache-strategy', 'content', '--cache-location', '.run/prettier-cache'];
  const lenient = ['--ignore-unknown', '--no-error-on-unmatched-pattern'];
  const { code, output } = await run('prettier', '--check', ...cached, ...lenient, ...withoutCopies());

  assert.equal(code, 0, output);
});

/** A project in .run, where the compiler may leave its notes, of another's files and options. */
function copyOf(project: string): string {
  const copy = join(root, '.run/types', project);
  mkdirSync(dirname(copy), { recursive: true });
  writeFileSync(copy, JSON.stringify({ extends: join(root, project) }));
  return copy;
}

test('the types of the tools and of every package hold', async () => {
  const patterns = ['shared/tsconfig.json', 'shared/baseline/*/tsconfig.json', 'stage-*/*/tsconfig.json'];
  // One process for all reads the packages' types once.
  const projects = globSync(patterns, { cwd: root }).sort().map(copyOf);
  const { code, output } = await run('tsc', '--build', '--force', '--noEmit', '--singleThreaded', ...projects);

  assert.equal(code, 0, output);
});
