import { url } from './config.ts';

export interface Answer {
  ok: boolean;
  status: number;
  traceId?: string;
}

export async function request(address: string): Promise<Answer> {
  const response = await fetch(address, { signal: AbortSignal.timeout(30_000) });
  // Read to the end, or the connection is not free for the next request.
  await response.text();

  return { ok: response.ok, status: response.status, traceId: response.headers.get('x-trace-id') ?? undefined };
}

// The address of a service, which must answer there.
export async function findService(name: string, variable: string, fallback: string): Promise<string> {
  const address = url(variable, fallback);
  const answer = await request(`${address}/healthz`).catch(() => undefined);

  if (!answer?.ok) throw new Error(`${name} does not answer at ${address}: start the stage first, or set ${variable}`);

  return address;
}
