import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { newCaller } from '../../verify/drive/caller.ts';
import type { Shot } from './shot.ts';
import type { Target } from './target.ts';

/** A load that continues until it is ended. */
export interface Load {
  /** Every request made so far; the last ones are still under way. */
  shots: Shot[];
  /** Makes no more requests, and returns when each has its answer or has failed. */
  end: () => Promise<void>;
}

const perSecond = 60;
const patience = 10_000;

/** Like Date.now(), but with fractions, because some answers take only a millisecond or two. */
const now = (): number => performance.timeOrigin + performance.now();

/**
 * Makes requests at a steady rate, each with its own trace, whether or not earlier ones were answered: a service that
 * slows down does not get less load. Connections are kept, as most clients do.
 */
export function openLoad(url: string, { paths }: Target): Load {
  const agent = new Agent({ keepAlive: true });
  const shots: Shot[] = [];
  const under = new Set<Promise<void>>();
  let count = 0;
  const timer = setInterval(() => {
    const { shot, done } = shoot(url, paths[count++ % paths.length]!, agent);
    shots.push(shot);
    under.add(done);
    void done.then(() => under.delete(done));
  }, 1000 / perSecond);
  const end = async (): Promise<void> => {
    clearInterval(timer);
    await Promise.all(under);
    agent.destroy();
  };
  return { shots, end };
}

/** Puts a target under load for a time. */
export async function loadFor(url: string, target: Target, time: number, signal: AbortSignal): Promise<Shot[]> {
  const load = openLoad(url, target);
  try {
    await sleep(time, undefined, { signal });
  } finally {
    await load.end();
  }
  return load.shots;
}

/** Makes one request with its own trace. */
export function shoot(url: string, path: string, agent?: Agent): { shot: Shot; done: Promise<void> } {
  const { traceId, traceparent } = newCaller();
  const shot: Shot = { path, traceId };
  const { promise, resolve } = Promise.withResolvers<void>();
  const headers = { traceparent };
  const fail = (error: NodeJS.ErrnoException): void => {
    shot.fault = error.code ?? error.message;
    resolve();
  };
  const asked = request(`${url}${path}`, { headers, agent, timeout: patience }, (response) => {
    let body = '';
    response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    response.on('error', fail).on('end', () => {
      Object.assign(shot, { status: response.statusCode, body, answeredAt: now() });
      resolve();
    });
  });
  asked.once('finish', () => (shot.sentAt = now()));
  asked.on('error', fail).on('timeout', () => asked.destroy(new Error(`no answer for ${patience / 1000} s`)));
  asked.end();
  return { shot, done: promise };
}
