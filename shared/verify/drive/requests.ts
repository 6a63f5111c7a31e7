import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MadeRequest, RequestKind } from '../compare/requests.ts';
import type { Contract, DeclaredRequest } from '../contract/contract.ts';
import { Problem } from '../../runtime/problem.ts';
import { newCaller, type Caller } from './caller.ts';
import { openCookies, type Cookies } from './cookies.ts';
import type { OwnService } from '../stage/running-stage.ts';

const patience = 10_000;

/**
 * How soon a client hangs up once it has sent its request, in milliseconds, and how often it tries, should the answer be
 * there by then: each time it waits half as long.
 */
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
  for (const declared of contract[made]) {
    const url = services.find(({ name }) => name === declared.service)?.url;
    if (url === undefined) throw missing(declared);
    const ask = made === 'hung_up' ? hangUp : answer;
    requests.push({ ...declared, made, traceId: await ask(declared, url, cookiesOf(jars, declared), made) });
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
    const response = await send(request, url, cookies, caller);
    cookies.keep(response);
    await response.arrayBuffer();
  } catch (error) {
    throw new Problem(`${request.line} was not answered: ${(error as Error).message}`);
  }
  return caller.traceId;
}

/** Makes a request and is gone before the answer comes. */
async function hangUp(declared: DeclaredRequest, url: string, cookies: Cookies): Promise<string> {
  for (let tries = 0; tries < mostHangUps; tries++) {
    const caller = newCaller();
    const answered = await isAnswered(declared, url, headersOf(declared, cookies, caller), hangUpAfter / 2 ** tries);
    if (!answered) return caller.traceId;
  }
  throw new Problem(`${declared.line} is answered too quickly for a client to hang up.`);
}

/** Whether the answer comes before the client hangs up. Unlike fetch, this says when the request has been sent. */
function isAnswered(
  { method, path, body = '' }: DeclaredRequest,
  url: string,
  headers: Record<string, string>,
  waits: number,
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const sent = request(`${url}${path}`, { method, headers: { 'user-agent': 'node', ...headers }, agent: false });
  sent.on('response', (response) => response.resume().on('end', () => resolve(true)));
  sent.on('error', () => resolve(false));
  sent.end(body, () => setTimeout(() => sent.destroy(), waits));
  return promise;
}

function send(declared: DeclaredRequest, url: string, cookies: Cookies, caller: Caller): Promise<Response> {
  const { method, path, body } = declared;
  const headers = headersOf(declared, cookies, caller);
  const signal = AbortSignal.timeout(patience);
  return fetch(`${url}${path}`, { method, headers, signal, ...(body && { body }) });
}

function headersOf({ body }: DeclaredRequest, cookies: Cookies, { traceparent }: Caller): Record<string, string> {
  return { traceparent, ...(body && { 'content-type': 'application/json' }), ...cookies.headers() };
}
