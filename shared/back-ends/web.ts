import { Agent, EnvHttpProxyAgent, fetch, type Dispatcher, type Response } from 'undici';
import { Problem } from '../runtime/problem.ts';
import { patience } from './patience.ts';

/** What a source answers to a request for the bytes of a file from an offset on. */
export interface Answer {
  body: AsyncIterable<Uint8Array>;
  /** Where `body` begins: at the place that was asked for, or at 0 where a server does not know ranges. */
  start: number;
  /** The size of the whole file in bytes, where the source says. */
  total?: number;
}

/** A fault that may have passed by the next try. */
export class PassingFault extends Error {}

export interface Web {
  /**
   * Asks for a file.
   * @param from the first byte that is wanted
   * @throws Problem for what another try cannot fix, PassingFault for the rest
   */
  read: (url: string, from: number, signal: AbortSignal) => Promise<Answer>;
}

/**
 * Opens the way to the web.
 * @param way `direct` to use no proxy, whatever the environment says
 */
export function openWeb(way: 'by proxy' | 'direct'): Web {
  const timeout = patience.stall;
  const options = { headersTimeout: timeout, bodyTimeout: timeout, connect: { timeout } };
  const dispatcher = way === 'direct' ? new Agent(options) : new EnvHttpProxyAgent(options);
  return { read: (url, from, signal) => read(url, from, signal, dispatcher) };
}

async function read(url: string, from: number, signal: AbortSignal, dispatcher: Dispatcher): Promise<Answer> {
  const headers = { 'accept-encoding': 'identity', ...(from > 0 && { range: `bytes=${from}-` }) };
  const response = await fetch(url, { headers, signal, dispatcher }).catch((error: unknown) => {
    throw fetchFault(url, error, signal);
  });
  if (response.ok) return answerOf(response, url, signal);
  await response.body?.cancel();
  if (response.status === 416) {
    const total = totalOf(response);
    return total === from ? { body: empty(), start: from, total } : read(url, 0, signal, dispatcher);
  }
  throw refusal(url, response);
}

function answerOf(response: Response, url: string, signal: AbortSignal): Answer {
  const total = totalOf(response);
  const [, start = '0'] = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '') ?? [];
  return { body: bodyOf(response, url, signal), start: Number(start), ...(total !== undefined && { total }) };
}

async function* bodyOf(response: Response, url: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* response.body ?? [];
  } catch (error) {
    throw fetchFault(url, error, signal);
  }
}

async function* empty(): AsyncGenerator<Uint8Array> {}

function totalOf({ headers }: Response): number | undefined {
  const text = /\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1] ?? headers.get('content-length');
  return text === null ? undefined : Number(text);
}

function fetchFault(url: string, error: unknown, signal: AbortSignal): Error {
  if (signal.aborted) return signal.reason;
  const { code, message } = rootOf(error as NodeJS.ErrnoException);
  // fetch never returns a 407; undici reports it in the message of an error.
  if (message.includes('(407)'))
    return new Problem(`The proxy wants a user name and a password (407): HTTPS_PROXY=http://user:password@host:port`);
  return new PassingFault(
    `${new URL(url).host} cannot be reached, or the connection broke (${message || code}): ${url}`,
  );
}

/** The error at the end of the chain of causes, which says what happened. */
function rootOf(error: NodeJS.ErrnoException): NodeJS.ErrnoException {
  return error.cause instanceof Error ? rootOf(error.cause) : error;
}

function refusal(url: string, { status, statusText }: Response): Error {
  const answer = `${status} ${statusText}`.trim();
  if (status >= 500 || status === 429 || status === 408) return new PassingFault(`${url} answered ${answer}.`);
  if (status === 404 || status === 410) return new Problem(`${url} does not exist (${answer}).`);
  return new Problem(`${url} answered ${answer}.`);
}
