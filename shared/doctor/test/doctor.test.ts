import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { checkEngine } from '../engine.ts';
import type { Finding } from '../finding.ts';
import { disk, fileSystem, proxies } from '../machine.ts';
import { checkNetwork, clock } from '../network.ts';
import { repositoryRoot } from '../../runtime/places.ts';

/** A docker on the PATH that answers as an engine of these versions does. */
function fakeDocker(t: TestContext, engine: { version: string; compose: string; memory: number } | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), 'docker-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const server = {
    Version: engine?.version,
    ApiVersion: '1.44',
    Arch: process.arch === 'x64' ? 'amd64' : process.arch,
  };
  const info = { MemTotal: engine?.memory, RegistryConfig: { Mirrors: ['http://mirror.example.com'] } };
  const script = `case "$1" in
version) echo '${JSON.stringify(server)}' ;;
info) echo '${JSON.stringify(info)}' ;;
compose) echo v${engine?.compose} ;;
esac`;
  writeFileSync(join(folder, 'docker'), `#!/bin/sh\n${engine ? script : 'exit 1'}\n`);
  chmodSync(join(folder, 'docker'), 0o755);
  return `${folder}${delimiter}${process.env.PATH}`;
}

function engineFindings(t: TestContext, engine: Parameters<typeof fakeDocker>[1]): Finding[] {
  const before = process.env.PATH;
  process.env.PATH = fakeDocker(t, engine);
  t.after(() => (process.env.PATH = before));
  return checkEngine();
}

const faults = (findings: Finding[]): string[] =>
  findings.filter(({ state }) => state !== 'fine').map(({ check, state }) => `${check}: ${state}`);

test('an engine that can run a stage is fine, and its mirror is shown', (t) => {
  const findings = engineFindings(t, { version: '28.1.0', compose: '2.35.1', memory: 4 * 2 ** 30 });
  assert.deepEqual(faults(findings), []);
  assert.equal(findings.at(-1)!.found, 'http://mirror.example.com');
});

test('an engine, a Compose or a memory that is too small is a fault with a remedy', (t) => {
  const findings = engineFindings(t, { version: '24.0.9', compose: '2.9.0', memory: 2 ** 30 });
  assert.deepEqual(faults(findings), ['Docker engine: fault', 'Compose: fault', "Docker's memory: fault"]);
  assert.ok(findings.filter(({ state }) => state === 'fault').every(({ remedy }) => remedy));
});

test('without an engine there is a warning that says how to do without', (t) => {
  const [finding] = engineFindings(t, undefined);
  assert.equal(finding!.state, 'warning');
  assert.match(finding!.remedy!, /make back-ends/);
});

test('a disk that is nearly full is a warning, one that is full a fault', () => {
  const state = (gigabytes: number): string => disk({ bavail: gigabytes * 1e6, bsize: 1000 }).state;
  assert.deepEqual([state(50), state(3), state(0.5)], ['fine', 'warning', 'fault']);
});

test('a checkout on a Windows drive under WSL is a fault, and the same path elsewhere is not', () => {
  const wsl = 'Linux version 6.6.87-microsoft-standard-WSL2';
  assert.equal(fileSystem('/mnt/c/dice', wsl).state, 'fault');
  assert.equal(fileSystem('/home/me/dice', wsl).state, 'fine');
  assert.equal(fileSystem('/mnt/c/dice', 'Linux version 6.1').state, 'fine');
});

test('a proxy that would take requests to this machine is a warning', () => {
  const state = (environment: NodeJS.ProcessEnv): string => proxies(environment)[0]!.state;
  assert.equal(state({}), 'fine');
  assert.equal(state({ HTTPS_PROXY: 'http://proxy:3128' }), 'warning');
  assert.equal(state({ https_proxy: 'http://proxy:3128', no_proxy: 'example.com, 127.0.0.1' }), 'fine');
});

test('a clock is compared with a server, in both directions', () => {
  const date = 'Wed, 25 Nov 2026 12:00:00 GMT';
  const after = (seconds: number): Finding => clock(date, Date.parse(date) + seconds * 1000);
  assert.equal(after(30).state, 'fine');
  assert.equal(after(3600).found, '3600 s fast');
  assert.equal(after(-90).found, '90 s slow');
});

test('a registry that does not answer is a warning, and the clock is then not checked', async () => {
  const findings = await checkNetwork('http://127.0.0.1:9/');
  assert.deepEqual(faults(findings), ['Network: warning', 'Clock: not checked']);
});

test('the command prints a list for scripts, and ends with 1 where something is a fault', (t) => {
  const run = (memory: number) => {
    const PATH = fakeDocker(t, { version: '28.1.0', compose: '2.35.1', memory });
    const env = { ...process.env, PATH, npm_config_registry: 'http://127.0.0.1:9/' };
    const words = ['shared/doctor/cli.ts', '--json'];
    return spawnSync(process.execPath, words, { cwd: repositoryRoot, env, encoding: 'utf8' });
  };
  const { status, stdout } = run(2 ** 30);
  assert.equal(status, 1);
  const memory = (JSON.parse(stdout) as Finding[]).find(({ check }) => check === "Docker's memory")!;
  assert.deepEqual([memory.state, memory.found], ['fault', '1.0 GiB; 2 GiB are needed']);
});
