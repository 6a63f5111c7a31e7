import { messageOf, Problem } from '../../runtime/problem.ts';

const patience = 10_000;

/** An answer that says no: the message is the back end's own. */
export class Refusal extends Problem {
  /** HTTP status; 0 when nothing answered. */
  status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Asks over HTTP, for ten seconds at most.
 * @throws Refusal for any status but 2xx, and when nothing answers
 */
export async function ask(url: string | URL, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(patience) }).catch((error: Error) => {
    throw new Refusal(0, `${new URL(url).origin} does not answer: ${messageOf(error.cause ?? error)}`);
  });
  if (!response.ok) throw new Refusal(response.status, reasonIn(await response.text()) || response.statusText);
  return response;
}

/** The same for an answer in JSON, asked with parameters in the address. */
export async function askJson(url: string, parameters: Record<string, string | number> = {}): Promise<any> {
  const address = new URL(url);
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, String(value));
  return jsonOf(await ask(address));
}

/** Answers are read as they come: one without the expected fields fails where it is used. */
export function jsonOf(response: Response): Promise<any> {
  return response.json();
}

/** Prometheus and Grafana explain themselves in JSON, Loki and Tempo in plain text. */
function reasonIn(body: string): string {
  try {
    const { error, message } = JSON.parse(body);
    return String(error ?? message ?? body);
  } catch {
    return body.trim();
  }
}
