import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Requests } from './client.ts';

/** A process that can send requests, and does nothing until it is asked to. Somebody may end it. */
export interface Client {
  send: (requests: Requests) => void;
  ended: Promise<unknown>;
  close: () => void;
}

/** Starts one. It is there whether an incident needs it or not, so that the process list says nothing. */
export function openClient(): Client {
  const child = fork(join(import.meta.dirname, 'client.ts'), { stdio: 'ignore', execArgv: [] });
  // What is sent to one that has ended fails here.
  child.on('error', () => undefined);
  return {
    send: (requests) => child.connected && child.send(requests, () => undefined),
    ended: once(child, 'exit'),
    close: () => child.kill('SIGKILL'),
  };
}
