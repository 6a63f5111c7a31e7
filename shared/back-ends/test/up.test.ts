import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { stringify } from 'yaml';
import { repositoryRoot } from '../../runtime/places.ts';
import { stageFixture, type StageFixture } from '../../runtime/test/stage-fixture.ts';
import { thisPlatform } from '../platform.ts';
import { checksums, releaseServer, tarball, temporaryFolder } from './release-server.ts';

/** In Grafana's place: answers as its health check does, and everywhere else with what it was given. */
const grafana = `#!${process.execPath}
const { existsSync, readFileSync } = require('node:fs');
const { GF_SERVER_HTTP_ADDR: host, GF_SERVER_HTTP_PORT: port, GF_PATHS_PROVISIONING: provisioning } = process.env;
const home = process.argv[process.argv.indexOf('--homepath') + 1];
const read = (name) => readFileSync(provisioning + '/' + name, 'utf8');
require('node:http').createServer((request, response) => {
  if (request.url === '/api/health') return response.end('ok');
  const given = { home: existsSync(home + '/public/index.html'), sources: read('datasources/datasources.yaml') };
  response.end(JSON.stringify({ ...given, dashboards: read('dashboards/dashboards.yaml') }));
}).listen(port, host);
`;

const compose = `name: stage-9
services:
  grafana:
    image: grafana/grafana:13.1.0
    ports: ['127.0.0.1:\${GRAFANA_PORT:-3000}:3000']
    volumes:
      - ./datasources.yaml:/etc/grafana/provisioning/datasources/datasources.yaml:ro
      - ./dashboards.yaml:/etc/grafana/provisioning/dashboards/dashboards.yaml:ro
      - ./dashboards:/var/lib/grafana/dashboards:ro
`;

function stageFolder(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'back-ends-')), 'stage-9');
  const files = {
    'compose.yaml': compose,
    'datasources.yaml': 'datasources: [{ url: "http://grafana:3000" }]\n',
    'dashboards.yaml': 'options: { path: /var/lib/grafana/dashboards }\n',
    'dashboards/dice.json': '{}\n',
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** What `make back-ends` runs, with releases that are on a server of this machine. */
async function fetchFrom(t: TestContext, { environment }: StageFixture): Promise<string> {
  const archive = tarball(t, {
    'grafana-13/bin/grafana': grafana,
    'grafana-13/conf/defaults.ini': '',
    'grafana-13/public/index.html': '',
  });
  const files = { 'grafana.tar.gz': archive };
  const { url } = await releaseServer(t, { ...files, 'sums.txt': checksums(files) });
  const common = { image: 'grafana/grafana', version: '13.1.0', platforms: [thisPlatform()], strip: 1 };
  const where = { archive: `${url}/grafana.tar.gz`, checksums: `${url}/sums.txt` };
  const releases = join(temporaryFolder(t), 'back-ends.yaml');
  writeFileSync(
    releases,
    stringify({ grafana: { ...common, ...where, program: 'bin/grafana', keep: ['conf/**', 'public/**'] } }),
  );
  const words = ['shared/back-ends/cli.ts', 'fetch', '--releases', releases];
  const child = spawn(process.execPath, words, { cwd: repositoryRoot, env: environment });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, 'exit');
  assert.equal(code, 0, (await output).join(''));
  return (await output).join('');
}

test('up says how to get what is missing, and then runs Grafana with its provisioning, its address rewritten', async (t) => {
  const folder = stageFolder();
  const stage = await stageFixture(t, folder, ['GRAFANA_PORT']);
  // After the stage was stopped, which needs its compose.yaml.
  t.after(() => rmSync(dirname(folder), { recursive: true }));
  const before = await stage.runtime('up', folder);
  assert.match(before.output, /^To get grafana without Docker: make back-ends$/m);
  await stage.runtime('down', folder);
  const said = await fetchFrom(t, stage);
  assert.match(said, /From now on[^]*grafana 13\.1\.0: fetching 0\.\d MB\n.*SHA-256 matches http.*sums\.txt$/m);
  const { code, output } = await stage.runtime('up', folder);
  assert.equal(code, 0, output);
  assert.doesNotMatch(output, /make back-ends/);
  const port = stage.environment.GRAFANA_PORT;
  const given = (await (await fetch(`http://127.0.0.1:${port}/`)).json()) as Record<string, string>;
  assert.equal(given.home, true);
  assert.match(given.sources!, new RegExp(`http://127\\.0\\.0\\.1:${port}`));
  assert.match(given.dashboards!, new RegExp(`path: .*${stage.runDirectory}`));
});
