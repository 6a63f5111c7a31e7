import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { eventually } from '../../runtime/test/stage-fixture.ts';
import { buildCompileCache } from '../compile-cache.ts';
import { startService } from '../service.ts';
import { settingVariant, type Variant } from '../variants.ts';

/** A folder with one file. */
function folderWith(t: TestContext, name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'bench-service-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, name), text);
  return folder;
}

/** A service that does not become ready at once, prints three lines for every other path, and ends the way the test says. */
const source = `
const { PORT, HOST, EXIT } = process.env;
let asked = 0;
process.on('SIGTERM', () => process.exit(Number(EXIT)));
require('http').createServer(({ url }, response) => {
  if (url === '/healthz') return response.writeHead(++asked > 2 ? 200 : 503).end();
  process.stdout.write('one\\ntwo\\n');
  process.stderr.write('three\\n');
  response.end(String(asked));
}).listen(Number(PORT), HOST);
`;

suite('a service', () => {
  const variant = (t: TestContext, text = source): Variant => ({
    ...{ name: 'small', folder: folderWith(t, 'service.cjs', text), command: ['node', 'service.cjs'] },
    environment: { EXIT: '0' },
    delivers: { spans: 0, lines: 2, counts: 0 },
  });

  test('is ready once it answers 200, its lines are counted, and it must end well', async (t) => {
    const service = await startService(variant(t), {});
    assert.equal(service.lines(), 0);
    assert.equal(await (await fetch(service.url)).text(), '3', 'how often it was asked whether it is ready');
    await eventually(() => assert.equal(service.lines(), 3));
    await service.stop();
    await assert.rejects(fetch(service.url));
  });

  test('that ends with another exit code is named, and so is one that does not start, with what it printed', async (t) => {
    const failing = await startService(variant(t), { EXIT: '3' });
    await assert.rejects(failing.stop(), /^Error: small ended with exit code 3/);
    const broken = startService(variant(t, "console.error('no such file'); process.exit(1);"), {});
    await assert.rejects(broken, /^Error: small did not start: no such file/);
  });
});

test('the compile cache is filled by the command of the Dockerfile, with this Node', (t) => {
  const script = "require('fs').writeFileSync(process.env.NODE_COMPILE_CACHE + '/made', process.execPath)";
  const { NODE_COMPILE_CACHE } = buildCompileCache(folderWith(t, 'Dockerfile', `FROM a\nRUN node -e "${script}"\n`));
  assert.equal(readFileSync(join(NODE_COMPILE_CACHE!, 'made'), 'utf8'), process.execPath);
  assert.throws(() => buildCompileCache(folderWith(t, 'Dockerfile', 'FROM a\n')), /has no RUN node …/);
});

test('a setting is one variable more, with whatever is behind its first equals sign', () => {
  const { name, environment, delivers } = settingVariant('A=b=c');
  assert.deepEqual([name, environment.A, delivers], ['A=b=c', 'b=c', { spans: 1, lines: 2, counts: 1 }]);
  assert.ok(environment.PORT);
  assert.throws(() => settingVariant('A b=c'), /A setting is NAME=value, not "A b=c"/);
});
