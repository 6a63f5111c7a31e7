import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fixture, platform } from './fetch-fixture.ts';
import { sha256, temporaryFolder } from './release-server.ts';

test('a program is unpacked with what it needs, under the name that it runs by, and nothing else', async (t) => {
  const { fetch, folder } = await fixture(t);
  await fetch();
  const prometheus = join(folder, platform, 'prometheus-3.13.1');
  assert.deepEqual(readdirSync(prometheus).sort(), ['conf', 'prometheus']);
  assert.equal(execFileSync(join(prometheus, 'prometheus'), { encoding: 'utf8' }), 'prometheus 3.13.1\n');
  const loki = join(folder, platform, 'loki-3.7.6');
  assert.deepEqual(readdirSync(loki), ['loki']);
  assert.equal(execFileSync(join(loki, 'loki'), { encoding: 'utf8' }), 'loki\n');
});

test("a digest comes from the project's own file, which is said and written to the lock file", async (t) => {
  const { fetch, folder, server } = await fixture(t);
  const { said } = await fetch();
  assert.ok(said.includes(`prometheus 3.13.1: SHA-256 matches ${server.url}/sums.txt`), said.join('\n'));
  const lock = JSON.parse(readFileSync(join(folder, 'archives/digests.lock.json'), 'utf8'));
  const digest = sha256(server.files['prometheus.tar.gz']!);
  assert.deepEqual(lock['prometheus-3.13.1/prometheus.tar.gz'], { sha256: digest, from: `${server.url}/sums.txt` });
  assert.deepEqual(Object.keys(lock), ['loki-3.7.6/loki-linux-amd64.zip', 'prometheus-3.13.1/prometheus.tar.gz']);
});

test('a digest that back-ends.yaml pins needs no file of the project', async (t) => {
  const { fetch, releases, server } = await fixture(t);
  releases.prometheus!.sha256 = { [platform]: sha256(server.files['prometheus.tar.gz']!) };
  delete releases.loki;
  await fetch();
  assert.deepEqual(server.requests, ['GET /prometheus.tar.gz']);
});

test('what is there is not fetched again, and other versions of it go', async (t) => {
  const { fetch, folder, server } = await fixture(t);
  mkdirSync(join(folder, platform, 'loki-3.7.5'), { recursive: true });
  await fetch();
  const { length } = server.requests;
  const { said } = await fetch();
  assert.deepEqual(said, ['prometheus 3.13.1: already there', 'loki 3.7.6: already there']);
  assert.equal(server.requests.length, length);
  assert.deepEqual(readdirSync(join(folder, platform)).sort(), ['loki-3.7.6', 'prometheus-3.13.1']);
});

test("another machine's archives are fetched and not unpacked", async (t) => {
  const { fetch, folder, releases } = await fixture(t);
  delete releases.loki;
  await fetch({ platform: 'darwin-arm64' });
  assert.deepEqual(readdirSync(folder), ['archives']);
});

test('a download that was tampered with is removed, and nothing of it is unpacked', async (t) => {
  const { fetch, folder, server } = await fixture(t);
  server.files['loki-linux-amd64.zip']![60]! ^= 1;
  await assert.rejects(fetch(), /^Error: loki: the download of .*loki-linux-amd64\.zip has the wrong SHA-256.*deleted/);
  assert.ok(!existsSync(join(folder, 'archives/loki-3.7.6/loki-linux-amd64.zip')));
  assert.deepEqual(readdirSync(join(folder, platform)), ['prometheus-3.13.1']);
  assert.doesNotMatch(readFileSync(join(folder, 'archives/digests.lock.json'), 'utf8'), /loki/);
});

test('an archive that does not exist is named, and so is one that the file of digests does not list', async (t) => {
  const { fetch, folder, server } = await fixture(t);
  delete server.files['loki-linux-amd64.zip'];
  await assert.rejects(fetch(), /loki: http.*\/loki-linux-amd64\.zip does not exist \(404 Not Found\)/);
  assert.ok(existsSync(join(folder, platform, 'prometheus-3.13.1/prometheus')));
  server.files['sums.txt'] = Buffer.from(`${'0'.repeat(64)}  other.zip\n`);
  await assert.rejects(
    fetch(),
    /loki: .*\/sums\.txt does not list .*\/loki-linux-amd64\.zip\. Has the project renamed/,
  );
});

test('an archive without the program is refused', async (t) => {
  const { fetch, folder, releases } = await fixture(t);
  releases.prometheus!.program = 'bin/prometheus';
  await assert.rejects(fetch(), /prometheus: .*prometheus\.tar\.gz does not contain bin\/prometheus/);
  assert.ok(!existsSync(join(folder, platform, 'prometheus-3.13.1')));
});

const noFull = !existsSync('/dev/full') && 'not checked: this machine has no /dev/full';

test('a full disk is named, with the way to another', { skip: noFull }, async (t) => {
  const { fetch, folder } = await fixture(t);
  const part = join(folder, 'archives/loki-3.7.6/loki-linux-amd64.zip.part');
  mkdirSync(dirname(part), { recursive: true });
  symlinkSync('/dev/full', part);
  await assert.rejects(fetch(), /loki: the disk of .* is full\. Free some space, or .*DICE_BACK_ENDS=/);
});

test('a lock file that is damaged is named', async (t) => {
  const { fetch, folder } = await fixture(t);
  const lock = join(folder, 'archives/digests.lock.json');
  mkdirSync(dirname(lock));
  writeFileSync(lock, '{ "loki');
  await assert.rejects(fetch(), /digests\.lock\.json is damaged\. Remove it and fetch again/);
});

test("a teacher's folder does in place of the projects, and says what it lacks", async (t) => {
  const { fetch, folder, server, releases } = await fixture(t);
  await fetch();
  await server.close();
  const into = temporaryFolder(t);
  const { said, progress } = await fetch({ from: folder, into });
  assert.ok(existsSync(join(into, platform, 'loki-3.7.6/loki')));
  assert.match(said.join('\n'), /loki 3\.7\.6: SHA-256 matches .*archives\/digests\.lock\.json/);
  assert.ok(progress.every(([received, total]) => received <= total!));
  delete releases.prometheus;
  const request = { from: folder, into: temporaryFolder(t), platform: 'darwin-arm64' };
  await assert.rejects(
    fetch(request),
    /does not list loki-3\.7\.6\/loki-darwin-arm64\.zip\. On the teacher's machine: /,
  );
  await assert.rejects(fetch({ from: join(folder, 'nowhere'), into: temporaryFolder(t) }), /no digests\.lock\.json/);
});
