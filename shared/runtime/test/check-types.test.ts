import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Problem } from '../problem.ts';
import { checkTypes } from '../run/check-types.ts';

function service(t: TestContext, files: Record<string, string>): () => Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'types-'));
  t.after(() => rmSync(directory, { recursive: true }));
  for (const folder of ['src', 'test']) mkdirSync(join(directory, folder));
  const options = { compilerOptions: { strict: true, types: [] }, include: ['src', 'test'] };
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(options));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text);
  return () => checkTypes({ name: 'web', directory, environment: { PATH: process.env.PATH! } });
}

test('a type error is reported with file, line and column', async (t) => {
  const check = service(t, { 'src/app.ts': "export const fine = 1;\nexport const wrong: number = 'a';\n" });
  await assert.rejects(check, (error) => {
    assert.ok(error instanceof Problem);
    assert.match(error.message, /src\/app\.ts:2:14 error TS2322: Type 'string' is not assignable to type 'number'/);
    assert.match(error.message, /web was not restarted: the old one keeps running/);
    return true;
  });
});

test('a syntax error is reported with file, line and column', async (t) => {
  const check = service(t, { 'src/app.ts': 'export const open = (\n' });
  await assert.rejects(check, /src\/app\.ts:1:22 error TS1109: Expression expected/);
});

test('what is right passes, and an error in a test does not keep a service from restarting', async (t) => {
  const check = service(t, {
    'src/app.ts': 'export const fine = 1;\n',
    'test/app.test.ts': "const x: number = 'a';\n",
  });
  await check();
});

test('a service without a tsconfig.json is not checked', () =>
  checkTypes({ name: 'web', directory: tmpdir(), environment: {} }));
