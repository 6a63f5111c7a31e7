import { frameOf, whatDiffers } from '../plan/fingerprint.ts';
import { refuseTakenPorts } from '../plan/free-ports.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Plan, PlannedService } from '../plan/plan.ts';
import { Problem } from '../problem.ts';
import { buildIfChanged } from '../run/build.ts';
import { checkTypes } from '../run/check-types.ts';
import type { ServiceState, State } from '../run/state.ts';
import { giveOrder } from '../run/supervisor-orders.ts';

interface Change {
  planned: PlannedService;
  /** For people: which files changed, or that it was down. */
  why: string;
}

/**
 * Restarts what changed of a running stage since it was started: a service's settings, its files, or what is mounted
 * into it. Starts what is down or paused.
 * @returns what was restarted and why, one line per service
 * @throws Problem with file and line of a type error, in which case everything keeps running; or with the last lines of
 * a service that does not become ready
 */
export async function restartChanged(state: State): Promise<string[]> {
  const { plan, wanted } = await makePlan(state.directory, state.ports);
  if (frameOf(plan) !== state.frame) {
    const { stage } = state;
    throw new Problem(`The list of services in ${stage} has changed. Restart the stage: make ${stage} down, then up`);
  }
  const changes = changesOf(plan, state);
  const own = new Set(Object.values(state.ports).flatMap((ports) => Object.values(ports)));
  await refuseTakenPorts(wanted.filter(({ port }) => !own.has(port)));
  const folders = new Map(changes.map(({ planned }) => [planned.directory, planned]));
  for (const planned of folders.values()) if (planned.kind === 'own') await checkTypes(planned);
  for (const planned of folders.values()) if (planned.kind === 'own') await buildIfChanged(planned);
  const services = changes.map(({ planned }) => planned.name);
  if (services.length > 0) await giveOrder(state, { plan, services });
  return [
    ...changes.map(({ planned, why }) => `Restarted ${planned.name}: ${why}.`),
    ...(await startReceiver(plan, state)),
  ];
}

async function startReceiver({ receiver }: Plan, state: State): Promise<string[]> {
  if (!receiver || (state.receiverStatus ?? 'ready') === 'ready') return [];
  await giveOrder(state, { action: 'start', service: receiver.inPlaceOf });
  return [`Started the receiver: it was ${state.receiverStatus}.`];
}

function changesOf(plan: Plan, { services }: State): Change[] {
  return plan.services.flatMap((planned) => {
    const entry = services.find(({ name }) => name === planned.name);
    const why = entry && whyRestart(entry, planned);
    return why ? [{ planned, why }] : [];
  });
}

/** Why a running service must be restarted, for people: what changed, or that it is down. Undefined if it need not be. */
export function whyRestart({ status, fingerprint = {} }: ServiceState, planned: PlannedService): string | undefined {
  const paths = whatDiffers(fingerprint, planned.fingerprint);
  const [first, second, ...more] = paths;
  if (first) return `${[first, second].filter(Boolean).join(' and ')}${more.length > 0 ? ' and more' : ''} changed`;
  return status === 'stopped' || status === 'crashed' || status === 'paused' ? `it was ${status}` : undefined;
}
