import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { howToGet } from '../../runtime/commands/stage-table.ts';
import { findBinary } from '../../runtime/plan/find-binary.ts';
import { digestIn } from '../digests.ts';
import { platformOf } from '../platform.ts';
import { barLine } from '../progress.ts';
import { archivesFor, readReleases } from '../releases.ts';
import { temporaryFolder } from './release-server.ts';

const files = (platform: string): string[] =>
  archivesFor(readReleases(), platform).archives.map(({ url }) =>
    url
      .split('/')
      .at(-1)!
      .replace(/\d+(\.\d+){2}/, 'V'),
  );

test('archives are named as each project names them', () => {
  assert.deepEqual(files('linux-arm64'), [
    'prometheus-V.linux-arm64.tar.gz',
    'postgres_exporter-V.linux-arm64.tar.gz',
    'loki-linux-arm64.zip',
    'tempo_V_linux_arm64.tar.gz',
    'otelcol-contrib_V_linux_arm64.tar.gz',
    'grafana_V_28013217238_linux_arm64.tar.gz',
  ]);
  assert.deepEqual(files('windows-amd64').slice(0, 3), [
    'prometheus-V.windows-amd64.zip',
    'postgres_exporter-V.windows-amd64.zip',
    'loki-windows-amd64.exe.zip',
  ]);
});

test('a program runs by the name that the runtime looks for', () => {
  const runsAs = (platform: string): string[] =>
    archivesFor(readReleases(), platform).archives.map((one) => one.runsAs);
  const names = ['prometheus', 'postgres_exporter', 'loki', 'tempo', 'otelcol-contrib', 'bin/grafana'];
  assert.deepEqual(runsAs('linux-amd64'), names);
  assert.deepEqual(
    runsAs('windows-amd64'),
    names.map((name) => `${name}.exe`),
  );
});

test('what a project does not publish for a platform is left out and named', () => {
  const { archives, unpublished } = archivesFor(readReleases(), 'darwin-arm64');
  assert.deepEqual(unpublished, ['tempo']);
  assert.equal(archives.length, 5);
});

test('a missing back end is offered where it is published; on a Mac, the way to see traces without Tempo is named', () => {
  assert.deepEqual(howToGet(['tempo', 'grafana'], 'linux-amd64'), [
    'To get tempo, grafana without Docker: make back-ends',
  ]);
  const [offer, ...more] = howToGet(['tempo', 'grafana', 'dice-roller'], 'darwin-arm64');
  assert.equal(offer, 'To get grafana without Docker: make back-ends');
  assert.equal(more.length, 1);
  assert.match(
    more[0]!,
    /^tempo has no release for darwin-arm64, .*trace viewer does: DICE_BACK_ENDS=none make stage-1 up$/,
  );
});

test('an address that is not encrypted is refused', (t) => {
  const file = join(temporaryFolder(t), 'back-ends.yaml');
  const rest = 'image: a\n  version: 3.7.6\n  platforms: []\n  program: a\n  checksums: https://example.com/sums';
  writeFileSync(file, `loki:\n  archive: http://example.com/loki.zip\n  ${rest}\n`);
  assert.throws(() => readReleases(file), /back-ends\.yaml is wrong:\n.*must begin with https:\/\//);
});

test('machines have the names that releases use', () => {
  assert.equal(platformOf('darwin', 'arm64'), 'darwin-arm64');
  assert.equal(platformOf('linux', 'x64'), 'linux-amd64');
  assert.equal(platformOf('win32', 'arm64'), 'windows-amd64');
  assert.equal(platformOf('freebsd', 'x64'), undefined);
});

test('a digest is found in every form that the projects publish', () => {
  const [one, other] = ['a'.repeat(64), 'b'.repeat(64)];
  assert.equal(digestIn(`${one}  x.zip\n${other}  loki.zip\n`, 'loki.zip'), other);
  assert.equal(digestIn(`${one} *loki.zip\r\n${other} *x.zip\r\n`, 'loki.zip'), one);
  assert.equal(digestIn(`${one.toUpperCase()}\n`, 'grafana.tar.gz'), one);
  assert.equal(digestIn(`${one}  loki.zip.sig\n`, 'loki.zip'), undefined);
  assert.equal(digestIn('<html>Not found</html>', 'loki.zip'), undefined);
});

test('a bar shows size and time left, and only the size where the whole is unknown', () => {
  const params = { value: 50e6, total: 200e6, eta: 30, progress: 0.25, startTime: 0, stopTime: 0, maxWidth: 80 };
  const options = { barCompleteString: '#'.repeat(40), barIncompleteString: '-'.repeat(40) };
  const bar = (more: object): string => barLine(options, { ...params, ...more }, { name: 'loki 3.7.6' });
  assert.match(bar({}), /^loki 3\.7\.6 +#{6}-{18} 50 MB of 200 MB, 30 s left$/);
  assert.match(bar({ eta: 200 }), /4 min left$/);
  assert.match(bar({ total: 0, value: 1.5e6 }), /^loki 3\.7\.6 +1\.5 MB, size unknown$/);
});

test('what was fetched comes before the PATH, for it is the version that compose.yaml names', (t) => {
  const [folder, path] = [temporaryFolder(t), temporaryFolder(t)];
  const place = join(folder, platformOf(process.platform, process.arch)!);
  for (const directory of [
    join(place, 'loki-3.7.6'),
    join(place, 'grafana-13.1.0/bin'),
    join(place, 'tempo-3.0.3.partial'),
  ])
    mkdirSync(directory, { recursive: true });
  const programs = ['loki-3.7.6/loki', 'grafana-13.1.0/bin/grafana', 'tempo-3.0.3.partial/tempo'];
  for (const file of [...programs.map((name) => join(place, name)), join(path, 'loki'), join(path, 'tempo')]) {
    writeFileSync(file, '');
    chmodSync(file, 0o755);
  }
  process.env.DICE_BACK_ENDS = folder;
  t.after(() => delete process.env.DICE_BACK_ENDS);
  assert.equal(findBinary(['loki'], path), join(place, 'loki-3.7.6/loki'));
  assert.equal(findBinary(['grafana'], path), join(place, 'grafana-13.1.0/bin/grafana'));
  assert.equal(findBinary(['tempo'], path), join(path, 'tempo'));
});
