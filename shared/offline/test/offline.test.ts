import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, mock, test, type TestContext } from 'node:test';
import { temporaryFolder } from '../../back-ends/test/release-server.ts';
import { load } from '../load.ts';
import { save, type SaveOptions } from '../save.ts';
import { fakeDocker, smallStage } from './fake-docker.ts';
import { installOffline, npmRegistry, useEmptyCache } from './npm-registry.ts';

const runDirectory = mkdtempSync(join(tmpdir(), 'offline-'));
process.env.DICE_RUN_DIR = runDirectory;
process.on('exit', () => rmSync(runDirectory, { recursive: true, force: true }));
const said = mock.method(console, 'log', () => {});

const signal = new AbortController().signal;
const output = (): string => said.mock.calls.map(({ arguments: [text] }) => text).join('\n');

// Most tests share a registry, and what npm has fetched from it.
const shared = await npmRegistry({ after });

/** A stage whose packages are in a registry, and how to save it. */
function fixture(t: TestContext, { lock, use } = shared) {
  said.mock.resetCalls();
  use();
  const stage = smallStage(t, lock);
  const file = join(temporaryFolder(t), 'stage-9.tar');
  const options: SaveOptions = { stages: [stage], file, native: false, platforms: ['linux-amd64'], signal };
  const lockFile = join(stage, 'dice-roller/package-lock.json');
  const saveIt = (changed: Partial<SaveOptions> = {}) => save({ ...options, lockFile, ...changed });
  return { stage, file, saveIt };
}

test('what was saved and loaded is what npm ci needs without a network', async (t) => {
  const registry = await npmRegistry(t);
  const { file, saveIt } = fixture(t, registry);
  await saveIt({ native: true });
  registry.close();
  useEmptyCache(t);
  assert.match(installOffline(t, registry.lock).output, /ENOTCACHED/);
  await load(file, true, signal);
  assert.match(output(), /^1 packages are in npm's cache/m);
  const { installed, output: text } = installOffline(t, registry.lock);
  assert.ok(installed, text);
});

test('packages for other machines come along when they are asked for', async (t) => {
  const { file, saveIt } = fixture(t);
  await saveIt({ native: true, platforms: ['linux-amd64', 'windows-amd64'] });
  await load(file, true, signal);
  assert.match(output(), /^2 packages are in npm's cache/m);
});

test('images are saved at once, their sizes said before, and what cannot be built offline is named', async (t) => {
  const { file, saveIt } = fixture(t);
  let before = '';
  const { calls } = fakeDocker(t, { save: `[ -e '${file}' ] || printf images` });
  await saveIt();
  before = output();
  assert.ok(calls().includes('save node:24-alpine prom/prometheus:v3.13.1'), calls().join('\n'));
  assert.match(before, /node:24-alpine +1\.0 MB\n +prom\/prometheus:v3\.13\.1 +1\.0 MB\n +npm's packages +0\.0 MB/);
  assert.match(before, /Not saved: browser,/);
  assert.ok(before.indexOf('together, at most') < before.indexOf('Saved '));
});

test('loading gives the engine the images, and builds a base that holds the packages', async (t) => {
  const { file, saveIt, stage } = fixture(t);
  const { calls, loaded } = fakeDocker(t);
  await saveIt();
  await load(file, false, signal);
  assert.equal(loaded(), 'save node:24-alpine prom/prometheus:v3.13.1');
  assert.match(calls().at(-1)!, /^build --quiet --tag opentelemetry-dice\/node:24-alpine /);
  const override = readFileSync(join(stage, 'compose.override.yaml'), 'utf8');
  assert.match(
    override,
    /dice-roller:\n.*\n.*\n +node:24-alpine: docker-image:\/\/opentelemetry-dice\/node:24-alpine\n$/,
  );
  await load(file, false, signal);
  writeFileSync(join(stage, 'compose.override.yaml'), 'services: {}\n');
  await assert.rejects(load(file, false, signal), /compose\.override\.yaml exists and is not from make load/);
});

test('a damaged archive is refused, and nothing of it is loaded', async (t) => {
  const { file, saveIt } = fixture(t);
  const { loaded } = fakeDocker(t);
  await saveIt();
  const cache = useEmptyCache(t);
  const whole = readFileSync(file);
  const tampered = Buffer.from(whole);
  tampered[whole.indexOf(Buffer.from([0x1f, 0x8b])) + 12]! ^= 1;
  writeFileSync(file, tampered);
  await assert.rejects(load(file, false, signal), /is damaged: .* has the wrong SHA-256\. Nothing was loaded/);
  writeFileSync(file, whole);
  truncateSync(file, whole.length - 3000);
  await assert.rejects(load(file, false, signal), /is damaged: /);
  assert.equal(loaded(), undefined);
  assert.ok(!existsSync(join(cache, '_cacache')));
});

test('an archive that is missing, or not made by us, is named', async (t) => {
  const file = join(temporaryFolder(t), 'a.tar');
  await assert.rejects(load(file, false, signal), /There is no .*a\.tar\. Name the archive: make load FILE=/);
  writeFileSync(file, Buffer.alloc(10_240));
  await assert.rejects(load(file, false, signal), /a\.tar is damaged: .*\. Nothing was loaded/);
});

test('images for another architecture, or of another version of the stage, are refused before anything is loaded', async (t) => {
  const { file, saveIt, stage } = fixture(t);
  const { loaded } = fakeDocker(t, { architecture: 'arm64' });
  fakeDocker(t);
  await saveIt();
  fakeDocker(t, { architecture: 'arm64' });
  await assert.rejects(load(file, false, signal), /images are for amd64, and this engine runs arm64/);
  fakeDocker(t);
  const compose = join(stage, 'compose.yaml');
  writeFileSync(compose, readFileSync(compose, 'utf8').replace('v3.13.1', 'v3.14.0'));
  await assert.rejects(
    load(file, false, signal),
    /another version of this repository: it has no prom\/prometheus:v3\.14\.0/,
  );
  assert.equal(loaded(), undefined);
});

test('without an engine, saving says how to continue, and loading still loads the packages', async (t) => {
  const { file, saveIt } = fixture(t);
  fakeDocker(t);
  await saveIt();
  rmSync(`${file}2`, { force: true });
  fakeDocker(t, 'not running');
  await assert.rejects(
    saveIt({ file: `${file}2` }),
    /No engine is running\. Start Docker, or .*make save RUNTIME=native/,
  );
  await assert.rejects(load(file, false, signal), /images were not loaded, because no engine is running/);
  assert.match(output(), /1 packages are in npm's cache/);
});

test('an image that was not pulled is named, with the command that pulls it', async (t) => {
  const { saveIt, file } = fixture(t);
  fakeDocker(t, { lacks: 'prometheus' });
  await assert.rejects(
    saveIt(),
    /not on this machine:\n {2}prom\/prometheus:v3\.13\.1\nPull them.*\n {2}docker compose .*stage-9 pull/,
  );
  assert.deepEqual(readdirSync(dirname(file)), []);
});

test('a file that exists is not overwritten, and too little space is found out before writing', async (t) => {
  const { saveIt, file } = fixture(t);
  fakeDocker(t, { size: 1e17 });
  await assert.rejects(saveIt(), /MB free, and writing takes up to \d+ MB\. Free some space, or .*FILE=/);
  assert.deepEqual(readdirSync(dirname(file)), []);
  writeFileSync(file, 'mine');
  await assert.rejects(saveIt(), /stage-9\.tar exists\. Remove it, or choose another file: FILE=/);
  assert.equal(readFileSync(file, 'utf8'), 'mine');
});

test('an engine that fails is quoted, and an interrupted run leaves nothing behind', async (t) => {
  const { saveIt, file } = fixture(t);
  fakeDocker(t, { save: 'echo "no space left" >&2; exit 1' });
  await assert.rejects(saveIt(), /docker save failed: no space left/);
  assert.deepEqual(readdirSync(dirname(file)), []);
  const { calls } = fakeDocker(t, { save: 'exec sleep 60' });
  const interrupt = new AbortController();
  const saving = saveIt({ signal: interrupt.signal });
  while (!calls().some((call) => call.startsWith('save'))) await sleep(20);
  interrupt.abort();
  await assert.rejects(saving, { name: 'AbortError' });
  assert.deepEqual(readdirSync(dirname(file)), []);
});
