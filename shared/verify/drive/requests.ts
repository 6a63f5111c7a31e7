import { setTimeout as sleep } from 'node:timers/promises';
import type { MadeRequest } from '../compare/requests.ts';
import type { Contract, DeclaredRequest } from '../contract/contract.ts';
import { Problem } from '../../runtime/problem.ts';
import { newCaller } from './caller.ts';
import type { OwnService } from '../stage/running-stage.ts';

const patience = 10_000;

/**
 * Makes the contract's requests one after another, each as the caller of a trace of its own, so that it can be told which
 * spans and log lines are its.
 * @throws Problem for a service that does not answer or that the stage does not have
 */
export async function makeRequests({ requests, silent }: Contract, services: OwnService[]): Promise<MadeRequest[]> {
  const made: MadeRequest[] = [];
  for (const request of requests) made.push(await make(request, services, false));
  for (const request of silent) made.push(await make(request, services, true));
  // A request is counted, and its span ended, a moment after the answer is here.
  await sleep(200);
  return made;
}

async function make(request: DeclaredRequest, services: OwnService[], silent: boolean): Promise<MadeRequest> {
  const { line, method, service, path } = request;
  const url = services.find(({ name }) => name === service)?.url;
  if (url === undefined) throw new Problem(`telemetry.yaml wants "${line}", but the stage has no service ${service}.`);
  const { traceId, traceparent } = newCaller();
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { traceparent },
      signal: AbortSignal.timeout(patience),
    });
    await response.arrayBuffer();
  } catch (error) {
    throw new Problem(`${line} was not answered: ${(error as Error).message}`);
  }
  return { ...request, traceId, silent };
}
