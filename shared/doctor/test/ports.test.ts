import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { freePorts } from '../../runtime/free-ports.ts';
import { repositoryRoot } from '../../runtime/places.ts';
import { recordOf } from '../../runtime/run/processes.ts';
import { claimState, type State } from '../../runtime/run/state.ts';
import { checkMachine } from '../machine.ts';

/** Sets a variable for one test. */
function setVariable(t: TestContext, name: string, value: string): void {
  const before = process.env[name];
  process.env[name] = value;
  t.after(() => (before === undefined ? delete process.env[name] : (process.env[name] = before)));
}

function runFolder(t: TestContext): void {
  const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  setVariable(t, 'DICE_RUN_DIR', folder);
  t.after(() => rmSync(folder, { recursive: true }));
}

test('a port that a stage needs and that is taken is a warning, with its owner and the variable that moves it', async (t) => {
  runFolder(t);
  const [port = 0, free = 0] = await freePorts(2);
  setVariable(t, 'GRAFANA_PORT', String(port));
  setVariable(t, 'PROMETHEUS_PORT', String(free));
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const findings = await checkMachine();
  const taken = findings.filter(({ check }) => [`Port ${port}`, `Port ${free}`].includes(check));
  assert.deepEqual(taken, [
    {
      ...{ check: `Port ${port}`, state: 'warning' },
      found: `needed for grafana, but in use by node (pid ${process.pid})`,
      remedy: `Stop it, or move grafana: GRAFANA_PORT=${port + 10_000}`,
    },
  ]);
});

test('while a stage is running its ports are its own, and are not checked', async (t) => {
  runFolder(t);
  const directory = join(repositoryRoot, 'stage-1');
  claimState({ stage: 'stage-1', directory, supervisor: recordOf(process.pid)!, services: [] } as unknown as State);
  const ports = (await checkMachine()).filter(({ check }) => check.startsWith('Port'));
  assert.deepEqual(ports, [{ check: 'Ports', state: 'not checked', found: 'stage-1 is running and has them' }]);
});
