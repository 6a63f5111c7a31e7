import { findService, request, type Answer } from './request.ts';

// Where the requests go.
export interface Target {
  roll: (die: string, times?: number) => Promise<Answer>;
  end?: () => Promise<void>;
}

export async function findTarget(): Promise<Target> {
  const name = process.env.TARGET || 'frontend';

  if (name === 'frontend') return findFrontend();
  if (name === 'backend') return findBackend();

  throw new Error(`TARGET must be frontend or backend, not "${name}"`);
}

// As the page does it. The front end itself makes the spans, metrics and logs of these requests.
async function findFrontend(): Promise<Target> {
  const address = await findService('frontend', 'FRONTEND_URL', 'http://127.0.0.1:8080');
  const batch = (times?: number) => (times ? `&times=${times}&async=true` : '');

  return { roll: (die, times) => request(`${address}/api/roll?die=${die}${batch(times)}`) };
}

// Bypasses the front end. Its spans are made here instead; its metrics and logs show none of these requests.
async function findBackend(): Promise<Target> {
  const { requestInClick, startTracing } = await import('./tracing.ts');
  const address = await findService('dice-roller', 'DICE_ROLLER_URL', 'http://127.0.0.1:8000');
  const path = (die: string, times?: number) => (times ? `/roll-async?die=${die}&times=${times}` : `/roll?die=${die}`);

  return { end: startTracing(), roll: (die, times) => requestInClick(die, address + path(die, times)) };
}
