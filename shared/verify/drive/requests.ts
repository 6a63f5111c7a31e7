import { setTimeout as sleep } from 'node:timers/promises';
import type { MadeRequest, RequestKind } from '../compare/requests.ts';
import type { Contract, DeclaredRequest } from '../contract/contract.ts';
import { Problem } from '../../runtime/problem.ts';
import { newCaller, type Caller } from './caller.ts';
import { openCookies, type Cookies } from './cookies.ts';
import type { OwnService } from '../stage/running-stage.ts';

const patience = 10_000;

/** How soon a client hangs up, in milliseconds; and how often it tries, should the answer be there by then. */
const hangUpAfter = 50;
const mostHangUps = 20;

/**
 * Makes requests of one kind one after another, each as the caller of a trace of its own, so that it can be told which
 * spans and log lines are its.
 * @param jars cookies by service, kept between requests: whoever has signed in stays so until the sign-out
 * @throws Problem for a service that does not answer or that the stage does not have
 */
export async function makeRequests(
  contract: Contract,
  made: RequestKind,
  services: OwnService[],
  jars: Map<string, Cookies>,
): Promise<MadeRequest[]> {
  const requests: MadeRequest[] = [];
  for (const request of contract[made]) {
    const url = services.find(({ name }) => name === request.service)?.url;
    if (url === undefined) throw missing(request);
    const ask = made === 'hung_up' ? hangUp : answer;
    requests.push({ ...request, made, traceId: await ask(request, url, cookiesOf(jars, request), made) });
  }
  // A request is counted, and its span ended, a moment after the answer is here.
  await sleep(200);
  return requests;
}

function missing({ line, service }: DeclaredRequest): Problem {
  return new Problem(`telemetry.yaml wants "${line}", but the stage has no service ${service}.`);
}

function cookiesOf(jars: Map<string, Cookies>, { service }: DeclaredRequest): Cookies {
  const cookies = jars.get(service) ?? openCookies();
  jars.set(service, cookies);
  return cookies;
}

/** Makes a request and reads its answer. */
async function answer(request: DeclaredRequest, url: string, cookies: Cookies, made: RequestKind): Promise<string> {
  const caller = newCaller(made !== 'unsampled');
  try {
    const response = await send(request, url, cookies, caller, AbortSignal.timeout(patience));
    cookies.keep(response);
    await response.arrayBuffer();
  } catch (error) {
    throw new Problem(`${request.line} was not answered: ${(error as Error).message}`);
  }
  return caller.traceId;
}

/** Makes a request and is gone before the answer comes. */
async function hangUp(request: DeclaredRequest, url: string, cookies: Cookies): Promise<string> {
  for (let tries = 0; tries < mostHangUps; tries++) {
    const caller = newCaller();
    const answered = await send(request, url, cookies, caller, AbortSignal.timeout(hangUpAfter)).then(
      (response) => response.arrayBuffer(),
      () => undefined,
    );
    if (!answered) return caller.traceId;
  }
  throw new Problem(`${request.line} is answered too soon for a client to hang up.`);
}

function send(
  { method, path, body }: DeclaredRequest,
  url: string,
  cookies: Cookies,
  { traceparent }: Caller,
  signal: AbortSignal,
): Promise<Response> {
  const type = body && { 'content-type': 'application/json' };
  const headers = { traceparent, ...type, ...cookies.headers() };
  return fetch(`${url}${path}`, { method, headers, signal, ...(body && { body }) });
}
