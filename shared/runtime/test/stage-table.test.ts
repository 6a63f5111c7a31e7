import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { stageTable } from '../commands/stage-table.ts';
import { recordOf } from '../run/processes.ts';
import type { ServiceState, State } from '../run/state.ts';

const here = recordOf(process.pid)!;

function tableOf(services: Partial<ServiceState>[], more: Partial<State> = {}): string {
  const state = { stage: 'stage-x', services, supervisor: here, ...more } as State;
  return stripVTControlCharacters(stageTable(state));
}

test('a running service is shown with its address and its process, and the receiver with its own', () => {
  const web = { name: 'web', status: 'ready', url: 'http://localhost:8000', process: { ...here, pid: 42 } } as const;
  const table = tableOf([web, { name: 'job', status: 'completed' }], { receiver: 'http://localhost:4318' });
  assert.deepEqual(table.split('\n'), [
    '  SERVICE   STATUS     WHERE                  PID',
    '  web       ready      http://localhost:8000  42',
    '  job       completed',
    `  receiver  ready      http://localhost:4318  ${here.pid}`,
  ]);
  assert.match(
    tableOf([], { receiver: 'http://localhost:4318', receiverStatus: 'paused' }),
    /^ {2}receiver +paused +http/m,
  );
});

test('what is missing is shown without an address, with what that costs and how to get what can be had', () => {
  const table = tableOf([
    { name: 'loki', status: 'missing', url: 'http://localhost:3100', note: 'no log panels' },
    { name: 'own-thing', status: 'missing', note: 'nothing' },
  ]);
  assert.match(table, /^ {2}loki +missing$/m);
  assert.match(table, /\n\nMissing on this machine.*\n {2}loki: no log panels\n {2}own-thing: nothing\n/);
  assert.match(table, /\nTo get loki without Docker: make back-ends\b/);
});

test('what is in trouble and what is lost are told apart from what is missing', () => {
  const table = tableOf([{ name: 'web', status: 'crashed', note: 'ended with exit code 3' }], { notes: ['no lines'] });
  assert.match(table, /\n\nIn trouble:\n {2}web ended with exit code 3\n\nLost here:\n {2}no lines$/);
  assert.doesNotMatch(table, /Missing|make back-ends|supervisor/);
});

test('a supervisor that is down is said, with how to end what it left', () => {
  const table = tableOf([], { supervisor: { ...here, startedAs: 'an earlier process' } });
  assert.match(table, /The supervisor is no longer running.*make stage-x down$/);
});
