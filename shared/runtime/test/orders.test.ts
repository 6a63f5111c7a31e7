import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { obeyOrder, type Order, type OrderedStage } from '../run/one-service.ts';
import { readState, type Status } from '../run/state.ts';

/** A stage of one service and a receiver, and what was done with them. */
function stage(t: TestContext, status: Status = 'ready', receiverStatus?: 'stopped' | 'paused') {
  const folder = mkdtempSync(join(tmpdir(), 'orders-'));
  process.env.DICE_RUN_DIR = folder;
  t.after(() => {
    rmSync(folder, { recursive: true });
    delete process.env.DICE_RUN_DIR;
  });
  const done: string[] = [];
  const act = (what: string) => (value?: string) => Promise.resolve(void done.push(value ? `${what} ${value}` : what));
  const runner = {
    ready: Promise.resolve(),
    stop: act('stop'),
    kill: act('kill'),
    pause: act('pause'),
    unpause: act('unpause'),
  };
  const names = ['stop', 'start', 'pause', 'unpause'];
  const ordered = {
    plan: { services: [{ name: 'web', environment: { A: '1', B: '2' } }], receiver: { inPlaceOf: 'collector' } },
    state: { services: [{ name: 'web', status, ...(status === 'ready' && { process: { pid: 0 } }) }], receiverStatus },
    runners: new Map([['web', runner]]),
    way: { receiver: Object.fromEntries(names.map((name) => [name, act(`receiver ${name}`)])) },
    launch: ({ environment }: { environment: object }) => (done.push(`launch ${JSON.stringify(environment)}`), runner),
  } as unknown as OrderedStage;
  const obey = (action: Order['action'], service = 'web', more: Partial<Order> = {}) =>
    obeyOrder({ action, service, ...more }, ordered);
  return { obey, done };
}

const own = 'launch {"A":"1","B":"2"}';

suite('an order for a service', () => {
  test('starts what does not run, and leaves alone what does', async (t) => {
    for (const [status, expected] of [
      ['stopped', [own]],
      ['crashed', [own]],
      ['completed', [own]],
      ['ready', []],
      ['starting', []],
    ] as const) {
      const { obey, done } = stage(t, status);
      await obey('start');
      assert.deepEqual(done, expected, status);
    }
  });

  test('restarts it, with other variables for one life', async (t) => {
    const { obey, done } = stage(t);
    for (const more of [{ environment: { B: '3' } }, {}]) await obey('restart', 'web', more);
    assert.deepEqual(done, ['stop', 'launch {"A":"1","B":"3"}', 'stop', own]);
  });

  test('sends a signal by either of its names, SIGKILL if none is named', async (t) => {
    const { obey, done } = stage(t);
    await obey('kill');
    await obey('kill', 'web', { signal: 'TERM' });
    await obey('kill', 'web', { signal: 'SIGHUP' });
    assert.deepEqual(done, ['kill SIGKILL', 'kill SIGTERM', 'kill SIGHUP']);
    await assert.rejects(obey('kill', 'web', { signal: 'WHAT' }), { message: 'There is no signal WHAT.' });
  });

  test('is refused for a service that is not there, naming those that are, or that does not run', async (t) => {
    const { obey } = stage(t);
    await assert.rejects(obey('stop', 'wep'), { message: 'There is no wep to stop. There are: web, collector.' });
    for (const action of ['kill', 'crash', 'pause'] as const)
      await assert.rejects(stage(t, 'stopped').obey(action), { message: 'web is not running.' });
  });
});

suite('an order for the collector, whose place the receiver takes', () => {
  const ordered = async (t: TestContext, before: 'stopped' | 'paused' | undefined, action: Order['action']) => {
    const { obey, done } = stage(t, 'ready', before);
    await obey(action, 'collector');
    return [...done.map((what) => what.replace('receiver ', '')), readState()!.receiverStatus];
  };

  test('stops it and starts it, once each, and is recorded', async (t) => {
    assert.deepEqual(await ordered(t, undefined, 'stop'), ['unpause', 'stop', 'stopped']);
    assert.deepEqual(await ordered(t, 'stopped', 'stop'), ['unpause', 'stopped']);
    assert.deepEqual(await ordered(t, 'stopped', 'start'), ['unpause', 'start', 'ready']);
    assert.deepEqual(await ordered(t, undefined, 'start'), ['unpause', 'ready']);
    assert.deepEqual(await ordered(t, 'paused', 'restart'), ['unpause', 'stop', 'start', 'ready']);
    assert.deepEqual(await ordered(t, undefined, 'pause'), ['pause', 'paused']);
  });

  test('cannot pause it while it is stopped, or kill it', async (t) => {
    await assert.rejects(ordered(t, 'stopped', 'pause'), /collector is not running/);
    await assert.rejects(ordered(t, undefined, 'kill'), /cannot be killed: stop it instead/);
  });
});
