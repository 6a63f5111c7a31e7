import { frameOf } from '../plan/fingerprint.ts';
import type { Plan, PlannedService } from '../plan/plan.ts';
import { obeyOrder, type Order, type OrderedStage } from './one-service.ts';
import { startInOrder, stopInOrder } from './dependency-order.ts';
import { prepareStart, writeFiles } from './prepare.ts';
import { recordOf } from './processes.ts';
import { replaceServices, type Replacement } from './replace-services.ts';
import { openReporter, type Reporter } from './reporter.ts';
import { runService, type Runner } from './service-runner.ts';
import { writeState, type State } from './state.ts';
import { openTelemetryWay, type TelemetryWay } from './telemetry-way.ts';

/** A stage whose processes this process owns. */
export interface RunningStage {
  /** Resolves when all is ready; rejects with a text for people when a service failed before that. */
  ready: Promise<void>;
  /** Handles one of its services, or restarts some. */
  obey: (order: Order | Replacement) => Promise<void>;
  /** Ends everything, and says in the record why if it was a failure. */
  stop: (failure?: string) => Promise<void>;
}

/** Starts all services of a plan in the order of their dependencies, and keeps the state file up to date. */
export async function startStage(plan: Plan): Promise<RunningStage> {
  const state = firstState(plan);
  writeState(state);
  for (const service of plan.services) writeFiles(service, plan.names, plan.ports);
  const way = await openTelemetryWay(plan);
  const reporter = openReporter(plan.stage, way);
  const runners = new Map<string, Runner>();
  const launch = (planned: PlannedService): Runner => {
    if (state.phase !== 'starting' && state.phase !== 'ready') throw new Error('The stage is being stopped.');
    const runner = runService(planned, hooksOf(planned, state, reporter));
    runners.set(planned.name, runner);
    return runner;
  };
  const ready = startInOrder(plan.services, launch).then(() => {
    state.phase = 'ready';
    writeState(state);
  });
  const ordered: OrderedStage = { plan, state, runners, way, launch };
  const obey = (order: Order | Replacement): Promise<void> =>
    'plan' in order ? replaceServices(order, ordered) : obeyOrder(order, ordered);
  return { ready, obey, stop: (failure) => stopStage(plan, state, runners, way, failure) };
}

function hooksOf(planned: PlannedService, state: State, reporter: Reporter): Parameters<typeof runService>[1] {
  const entry = state.services.find(({ name }) => name === planned.name)!;
  return {
    prepare: prepareStart,
    onLine: reporter.onLine,
    onChange: (change) => {
      Object.assign(entry, change);
      writeState(state);
    },
    explain: (what) => reporter.explain(planned.name, what),
    report: (text) => reporter.report(`${state.stage}: ${text}`),
  };
}

async function stopStage(
  plan: Plan,
  state: State,
  runners: Map<string, Runner>,
  way: TelemetryWay,
  failure?: string,
): Promise<void> {
  Object.assign(state, failure === undefined ? { phase: 'stopping' } : { phase: 'failed', failure });
  writeState(state);
  const [own, backEnds] = [
    plan.services.filter(({ kind }) => kind === 'own'),
    plan.services.filter(({ kind }) => kind !== 'own'),
  ];
  await stopInOrder(own, runners);
  // The collector still runs, so that the services' last lines reach it.
  await way.close();
  await stopInOrder(backEnds, runners);
}

function firstState(plan: Plan): State {
  const { stage, directory, services, missing, ports, receiver, page } = plan;
  return {
    ...{ stage, directory, ports, phase: 'starting', supervisor: recordOf(process.pid)!, frame: frameOf(plan) },
    ...(receiver && { receiver: `http://127.0.0.1:${receiver.port}` }),
    ...(page && { page }),
    notes: plan.notes,
    services: [
      ...services.map(({ name, url, stopGrace, fingerprint }) => ({
        ...{ name, stopGrace, fingerprint },
        status: 'waiting' as const,
        ...(url && { url }),
      })),
      ...missing.map(({ name, cost }) => ({ name, stopGrace: 0, status: 'missing' as const, note: cost })),
    ],
  };
}
