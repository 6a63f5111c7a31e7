import { styleText } from 'node:util';
import { platformOf } from '../../back-ends/platform.ts';
import { archivesFor, readReleases } from '../../back-ends/releases.ts';
import { withoutRelease } from '../../back-ends/unpublished.ts';
import { plainTable } from '../plain-table.ts';
import { isAlive } from '../run/processes.ts';
import type { ServiceState, State } from '../run/state.ts';

const colours = {
  ready: 'green',
  completed: 'green',
  crashed: 'red',
  missing: 'yellow',
  restarting: 'yellow',
  paused: 'yellow',
} as const;

/** What runs, where, and what is missing, for people. */
export function stageTable(state: State): string {
  const rows = state.services.map(row);
  if (state.receiver) rows.push(receiverRow(state.receiver, state));
  return [plainTable([['SERVICE', 'STATUS', 'WHERE', 'PID'], ...rows]), ...below(state)].join('\n');
}

function receiverRow(url: string, { receiverStatus, supervisor }: State): string[] {
  return ['receiver', paint(receiverStatus ?? 'ready'), url, String(supervisor.pid)];
}

function row({ name, status, url, process }: ServiceState): string[] {
  return [name, paint(status), status === 'missing' ? '' : (url ?? ''), process ? String(process.pid) : ''];
}

function paint(status: ServiceState['status']): string {
  const colour = colours[status as keyof typeof colours];
  return colour ? styleText(colour, status, { stream: process.stdout }) : status;
}

function below(state: State): string[] {
  const missing = state.services.filter(({ status }) => status === 'missing');
  const troubled = state.services.filter(({ status, note }) => status !== 'missing' && note !== undefined);
  return [
    ...(missing.length > 0 ? ['', 'Missing on this machine, and what you lose:'] : []),
    ...missing.map(({ name, note }) => `  ${name}: ${note}`),
    ...howToGet(missing.map(({ name }) => name)),
    ...(troubled.length > 0 ? ['', 'In trouble:'] : []),
    ...troubled.map(({ name, note }) => `  ${name} ${note}`),
    ...(state.notes?.length ? ['', 'Lost here:', ...state.notes.map((note) => `  ${note}`)] : []),
    ...(isAlive(state.supervisor)
      ? []
      : ['', `The supervisor is no longer running, so nothing is restarted. Stop the rest: make ${state.stage} down`]),
  ];
}

/** @param platform as releases name it; a test has another than this machine's */
export function howToGet(missing: string[], platform = platformOf(process.platform, process.arch) ?? 'this machine') {
  const { archives, unpublished } = archivesFor(readReleases(), platform);
  const names = missing.filter((name) => archives.some((archive) => archive.name === name));
  return [
    ...(names.length > 0 ? [`To get ${names.join(', ')} without Docker: make back-ends`] : []),
    ...missing.filter((name) => unpublished.includes(name)).map((name) => withoutRelease(name, platform)),
  ];
}
