import { randomUUID } from 'node:crypto';
import type { Run } from '../app/roll-die.ts';

// Next.js bundles each route separately. Without this, the page would not see what the form's route keeps for it.
const shared = globalThis as { outcomes?: Map<unknown, Run> };
export const outcomes = (shared.outcomes ??= new Map());

// Sends the browser back to the page, so that a reload does not roll again. The last hundred outcomes are kept.
export function showOnPage(run: Run): Response {
  const id = randomUUID();
  outcomes.set(id, run);
  if (outcomes.size > 100) outcomes.delete(outcomes.keys().next().value);

  return new Response(null, { status: 303, headers: { Location: `/?outcome=${id}` } });
}
