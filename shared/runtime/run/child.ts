import { spawn, type ChildProcess } from 'node:child_process';
import type { PlannedService } from '../plan/plan.ts';
import { readLines, type Line } from './lines.ts';

/** What to start, and as which user, if not as the runtime's own. */
export interface SpawnAs {
  command: string[];
  uid?: number;
  gid?: number;
}

export interface Child {
  pid: number | undefined;
  /** Whether it has printed the line that makes it ready. */
  sawReadyLine: () => boolean;
  /** How it ended, in words, once its last lines have been read. */
  ended: Promise<string>;
}

/** Starts a service's process in its own group, so that everything it starts can be ended with it. */
export function startChild(
  planned: PlannedService,
  { command, uid, gid }: SpawnAs,
  onLine: (line: Line) => void,
): Child {
  const { name, directory, environment, readiness } = planned;
  const [program = '', ...words] = command;
  const user = uid === undefined || gid === undefined ? {} : { uid, gid };
  const child = spawn(program, words, {
    cwd: directory,
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  });
  const ended = endOf(child);
  let seen = false;
  for (const source of ['stdout', 'stderr'] as const) {
    readLines(child[source], (text) => {
      seen ||= readiness.line !== undefined && text.includes(readiness.line);
      onLine({ service: name, source, text, time: new Date() });
    });
  }
  return { pid: child.pid, sawReadyLine: () => seen, ended };
}

function endOf(child: ChildProcess): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  child.once('error', (error) => resolve(`could not start: ${error.message}`));
  child.once('exit', (code, signal) => {
    const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
    child.once('close', () => resolve(how));
    // A process that it left behind may keep its output open.
    setTimeout(() => resolve(how), 500);
  });
  return promise;
}
