import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../../runtime/places.ts';
import { dockerStage } from '../stage/docker-stage.ts';

/** Knows what verify asks of Docker before and while it reads usage. The files of the "container" lie in `container`. */
const fakeDocker = `#!${process.execPath}
const { cpSync } = require('node:fs');
const { join } = require('node:path');
const words = process.argv.slice(2).filter((word) => word !== 'compose');
const frontend = { Name: 'frontend', Service: 'frontend', State: 'running', Publishers: [{ TargetPort: 8080, PublishedPort: 8080 }] };
if (words[0] === 'ps') console.log(JSON.stringify(frontend));
if (words[0] === 'inspect') console.log('2026-01-02T03:04:05Z');
if (words[0] === 'cp') {
  const [, place, path] = /^([^:]+):(.*)$/.exec(words[1]);
  if (place !== 'otel-collector') process.exit(1);
  cpSync(join(__dirname, 'container', path), words[2], { recursive: true });
}
`;

test("usage is read from copies of the collector's files, the newest last", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'docker-'));
  const path = process.env.PATH;
  process.env.PATH = folder;
  t.after(() => {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  });
  writeFileSync(join(folder, 'docker'), fakeDocker, { mode: 0o755 });
  const usage = join(folder, 'container/var/lib/usage');
  mkdirSync(usage, { recursive: true });
  writeFileSync(join(usage, 'usage.jsonl'), 'newest');
  writeFileSync(join(usage, 'usage-2026-11-21T10-00-00.000-size.jsonl'), 'newer');
  writeFileSync(join(usage, 'usage-2026-11-21T09-00-00.000-size.jsonl'), 'oldest');
  const stage = join(folder, 'signed');
  cpSync(join(import.meta.dirname, 'fixtures/signed'), stage, { recursive: true });
  const collector = 'observability/otel-collector.yaml';
  cpSync(join(repositoryRoot, 'stage-6', collector), join(stage, collector));
  const { readUsage } = await dockerStage('stage-signed', stage);
  assert.deepEqual(await readUsage?.(), ['oldest', 'newer', 'newest']);
});
