import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';

/** A folder with these files, by their paths. */
export function folderOf(t: TestContext, files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'tests-'));
  t.after(() => rmSync(root, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

/** The files of a package with a source and a test. */
export function packageOf(folder: string, { source = 'source', test = 'test' } = {}): Record<string, string> {
  return {
    [`${folder}/package.json`]: '{}',
    [`${folder}/src/a.ts`]: source,
    [`${folder}/test/a.test.ts`]: test,
  };
}
