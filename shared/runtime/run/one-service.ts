import { constants } from 'node:os';
import type { Plan, PlannedService } from '../plan/plan.ts';
import { Problem } from '../problem.ts';
import { signalGroup } from './processes.ts';
import type { Runner } from './service-runner.ts';
import { writeState, type State } from './state.ts';
import type { TelemetryWay } from './telemetry-way.ts';

/** What may be asked of one service of a running stage, as of `docker compose stop`, `start` and `kill`. */
export interface Order {
  action: 'stop' | 'start' | 'kill';
  service: string;
  /** For `kill`. */
  signal?: string;
}

interface Stage {
  plan: Plan;
  state: State;
  runners: Map<string, Runner>;
  way: TelemetryWay;
  launch: (planned: PlannedService) => Runner;
}

/**
 * Carries an order out, and returns when the service has ended, is ready, or was sent its signal.
 * @throws Problem for a service that this stage does not run, or that does not become ready
 */
export async function obeyOrder(order: Order, stage: Stage): Promise<void> {
  const { plan, runners } = stage;
  const { action, service } = order;
  if (service === plan.receiver?.inPlaceOf) return orderReceiver(action, stage);
  const planned = plan.services.find(({ name }) => name === service);
  if (!planned) throw new Problem(`There is no ${service} to ${action}. There are: ${names(stage).join(', ')}.`);
  if (action === 'stop') return runners.get(service)?.stop();
  if (action === 'kill') return kill(order, stage);
  if (!hasEnded(stage, service)) return runners.get(service)?.ready;
  return stage.launch(planned).ready;
}

async function orderReceiver(action: Order['action'], { state, way, plan }: Stage): Promise<void> {
  if (action === 'kill')
    throw new Problem(`${plan.receiver?.inPlaceOf} runs inside the runtime here: stop it instead.`);
  const stopped = action === 'stop';
  if (stopped === (state.receiverStopped ?? false)) return;
  await (stopped ? way.receiver?.pause() : way.receiver?.resume());
  state.receiverStopped = stopped;
  writeState(state);
}

function hasEnded({ state }: Stage, service: string): boolean {
  const status = state.services.find(({ name }) => name === service)?.status;
  return status === 'stopped' || status === 'crashed' || status === 'completed';
}

function kill({ service, signal = 'SIGKILL' }: Order, { state }: Stage): void {
  if (!(signal in constants.signals)) throw new Problem(`There is no signal ${signal}.`);
  const record = state.services.find(({ name }) => name === service)?.process;
  if (!record) throw new Problem(`${service} does not run.`);
  signalGroup(record, signal as NodeJS.Signals);
}

function names({ plan }: Stage): string[] {
  return [...plan.services.map(({ name }) => name), ...(plan.receiver ? [plan.receiver.inPlaceOf] : [])];
}
