import { trace } from '@opentelemetry/api';
import { choice, url } from './config.ts';

export interface Answer {
  ok: boolean;
  status: number;
  traceId: string | undefined;
}

// Where the requests go, and what must be done when all are answered.
export interface Target {
  service: string;
  variable: string;
  address: string;
  roll: (die: string, times?: number) => Promise<Answer>;
  end: () => Promise<void>;
}

export async function readTarget(): Promise<Target> {
  return choice('TARGET', ['frontend', 'backend']) === 'frontend' ? frontend() : await backend();
}

// The way of the page: the front end makes its own spans, metrics and logs of it.
function frontend(): Target {
  const address = url('FRONTEND_URL', 'http://127.0.0.1:8080');
  const batch = (times?: number) => (times ? `&times=${times}&async=true` : '');
  const roll = (die: string, times?: number) => read(`${address}/api/roll?die=${die}${batch(times)}`);

  return { service: 'frontend', variable: 'FRONTEND_URL', address, roll, end: async () => {} };
}

// Past the front end, whose spans are made here in its stead. Its metrics and logs show nothing of it.
async function backend(): Promise<Target> {
  const address = url('DICE_ROLLER_URL', 'http://127.0.0.1:8000');
  const { inClickSpan, startTracing } = await import('./tracing.ts');
  const path = (die: string, times?: number) => (times ? `/roll-async?die=${die}&times=${times}` : `/roll?die=${die}`);
  const roll = (die: string, times?: number) => inClickSpan(die, address + path(die, times), read);

  return { service: 'dice-roller', variable: 'DICE_ROLLER_URL', address, roll, end: startTracing() };
}

async function read(url: string): Promise<Answer> {
  const response = await fetch(url);
  await response.text();

  // The front end tells the trace that it made; otherwise it is the one made here.
  const traceId = response.headers.get('x-trace-id') ?? trace.getActiveSpan()?.spanContext().traceId;

  return { ok: response.ok, status: response.status, traceId };
}
