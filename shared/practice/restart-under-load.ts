import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { repositoryRoot } from '../runtime/places.ts';
import type { MadeRequest } from '../verify/compare/requests.ts';
import type { RunningStage } from '../verify/stage/running-stage.ts';
import { runChild } from '../verify/stage/run-child.ts';

const runtime = join(repositoryRoot, 'shared/runtime/cli.ts');
/** Requests at once: one of them always ends just before the service does. */
const atOnce = 8;
/** Milliseconds between an answer and the next request. */
const pause = 100;
const patience = 60_000;

/**
 * Restarts a service while it gets requests, natively.
 * @returns the requests that it answered, each in a trace of its own: the last ones end just before the process does
 */
export async function restartUnderLoad(stage: RunningStage, service: string, path: string): Promise<MadeRequest[]> {
  const { url } = stage.services.find(({ name }) => name === service)!;
  const answered: MadeRequest[] = [];
  let restarted = false;
  const keepAsking = async (): Promise<void> => {
    while (!restarted) {
      const request = await ask(url, service, path);
      if (request) answered.push(request);
      await sleep(pause);
    }
  };
  const words = [runtime, 'restart', stage.directory, service];
  const restart = runChild(process.execPath, words, { directory: repositoryRoot, patience });
  await Promise.all([restart.finally(() => (restarted = true)), ...Array.from({ length: atOnce }, keepAsking)]);
  return answered;
}

/** Nothing if there was no answer: the service is down at that moment. */
async function ask(url: string, service: string, path: string): Promise<MadeRequest | undefined> {
  const traceId = randomBytes(16).toString('hex');
  const headers = { traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01` };
  try {
    const response = await fetch(url + path, { headers, signal: AbortSignal.timeout(5000) });
    await response.text();
    return { line: `GET ${service} ${path}`, method: 'GET', service, path, traceId, made: 'requests' };
  } catch {
    return undefined;
  }
}
