import { setTimeout as sleep } from 'node:timers/promises';
import type { MadeRequest } from '../compare/requests.ts';
import type { Contract, DeclaredRequest } from '../contract/contract.ts';
import { Problem } from '../../runtime/problem.ts';
import { newCaller } from './caller.ts';
import { openCookies, type Cookies } from './cookies.ts';
import type { OwnService } from '../stage/running-stage.ts';

const patience = 10_000;

/**
 * Makes the contract's requests one after another, each as the caller of a trace of its own, so that it can be told which
 * spans and log lines are its. Cookies are kept between them, so whoever has signed in stays so until the sign-out.
 * @throws Problem for a service that does not answer or that the stage does not have
 */
export async function makeRequests({ requests, silent }: Contract, services: OwnService[]): Promise<MadeRequest[]> {
  const made: MadeRequest[] = [];
  const jars = new Map(services.map(({ name }) => [name, openCookies()]));
  for (const request of requests) made.push(await make(request, services, jars, false));
  for (const request of silent) made.push(await make(request, services, jars, true));
  // A request is counted, and its span ended, a moment after the answer is here.
  await sleep(200);
  return made;
}

async function make(
  request: DeclaredRequest,
  services: OwnService[],
  jars: Map<string, Cookies>,
  silent: boolean,
): Promise<MadeRequest> {
  const { line, method, service, path, body } = request;
  const url = services.find(({ name }) => name === service)?.url;
  if (url === undefined) throw new Problem(`telemetry.yaml wants "${line}", but the stage has no service ${service}.`);
  const { traceId, traceparent } = newCaller();
  const cookies = jars.get(service)!;
  const type = body && { 'content-type': 'application/json' };
  try {
    const response = await fetch(`${url}${path}`, {
      ...{ method, body },
      headers: { traceparent, ...type, ...cookies.headers() },
      signal: AbortSignal.timeout(patience),
    });
    cookies.keep(response);
    await response.arrayBuffer();
  } catch (error) {
    throw new Problem(`${line} was not answered: ${(error as Error).message}`);
  }
  return { ...request, traceId, silent };
}
