import { constants } from 'node:os';
import type { Plan, PlannedService } from '../plan/plan.ts';
import { Problem } from '../problem.ts';
import { signalGroup } from './processes.ts';
import type { Runner } from './service-runner.ts';
import { writeState, type State } from './state.ts';
import type { TelemetryWay } from './telemetry-way.ts';

/** What can be done to one service of a running stage, as with `docker compose stop`, `start`, … */
export interface Order {
  /** `crash` is SIGKILL as if nobody had asked for it: the restart policy applies. */
  action: 'stop' | 'start' | 'restart' | 'kill' | 'crash' | 'pause' | 'unpause';
  service: string;
  /** For `kill`. */
  signal?: string;
  /** For `restart`: variables that the service has in this life only, in place of its own. */
  environment?: Record<string, string>;
}

/** The stage that an order is about. */
export interface OrderedStage {
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
export async function obeyOrder(order: Order, stage: OrderedStage): Promise<void> {
  const { plan, runners } = stage;
  const { action, service } = order;
  if (service === plan.receiver?.inPlaceOf) return orderReceiver(action, stage);
  const planned = plan.services.find(({ name }) => name === service);
  const runner = runners.get(service);
  if (!planned) throw new Problem(`There is no ${service} to ${action}. There are: ${names(stage).join(', ')}.`);
  if (action === 'start') return start(planned, stage);
  if (action === 'restart') {
    await runner?.stop();
    return stage.launch({ ...planned, environment: { ...planned.environment, ...order.environment } }).ready;
  }
  if (action === 'stop') return runner?.stop();
  const record = recordOf(stage, service);
  if (action === 'kill') return runner?.kill(signalOf(order));
  if (action === 'crash') return signalGroup(record, 'SIGKILL');
  runner?.[action]();
}

async function start(planned: PlannedService, { state, runners, launch }: OrderedStage): Promise<void> {
  const status = state.services.find(({ name }) => name === planned.name)?.status;
  if (status === 'stopped' || status === 'crashed' || status === 'completed') return launch(planned).ready;
  return runners.get(planned.name)?.ready;
}

/** The built-in receiver, under the name of the collector whose place it takes. */
async function orderReceiver(action: Order['action'], { state, way, plan }: OrderedStage): Promise<void> {
  const { receiver } = way;
  if (!receiver) return;
  if (action === 'kill' || action === 'crash')
    throw new Problem(
      `${plan.receiver?.inPlaceOf} runs inside the runtime here and cannot be killed: stop it instead.`,
    );
  const status = state.receiverStatus ?? 'ready';
  if (action === 'pause' || action === 'unpause') {
    if (status === 'stopped') throw new Problem(`${plan.receiver?.inPlaceOf} is not running.`);
    receiver[action]();
  } else {
    receiver.unpause();
    if (action !== 'start' && status !== 'stopped') await receiver.stop();
    if (action !== 'stop' && (action === 'restart' || status === 'stopped')) await receiver.start();
  }
  state.receiverStatus = action === 'stop' ? 'stopped' : action === 'pause' ? 'paused' : 'ready';
  writeState(state);
}

function signalOf({ signal = 'SIGKILL' }: Order): NodeJS.Signals {
  const name = signal.startsWith('SIG') ? signal : `SIG${signal}`;
  if (!(name in constants.signals)) throw new Problem(`There is no signal ${signal}.`);
  return name as NodeJS.Signals;
}

function recordOf({ state }: OrderedStage, service: string) {
  const record = state.services.find(({ name }) => name === service)?.process;
  if (!record) throw new Problem(`${service} is not running.`);
  return record;
}

function names({ plan }: OrderedStage): string[] {
  return [...plan.services.map(({ name }) => name), ...(plan.receiver ? [plan.receiver.inPlaceOf] : [])];
}
