export interface Answer {
  status: number;
  contentType: string;
  body: string;
}

// Asks another service, and reads its answer to the end: only then is the connection free for the next request.
export async function send(url: URL | string, timeoutMs: number): Promise<Answer> {
  const response = await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(timeoutMs) });
  const contentType = response.headers.get('content-type') ?? 'text/plain';

  return { status: response.status, contentType, body: await response.text() };
}

export function isAlive(url: string): Promise<boolean> {
  return send(`${url}/healthz`, 2000).then(
    ({ status }) => status === 200,
    () => false,
  );
}
