import { readComposeFile, type ComposeFile } from '../compose/compose-file.ts';
import type { ComposeService } from '../compose/service.ts';
import { Problem } from '../problem.ts';
import { scrapeTargets } from '../viewer/targets.ts';
import type { HostNames, PortTable } from './addresses.ts';
import { backEndOf } from './back-ends.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { WantedPort } from './free-ports.ts';
import { planService, type Surroundings } from './plan-service.ts';
import { lostTraces } from './lost-traces.ts';
import type { MissingService, Plan, PlannedService } from './plan.ts';
import { hostNames, makePortTable } from './port-table.ts';
import { findProgram, isWaiter, type Program } from './program.ts';
import { takeRoutes } from './take-routes.ts';

const collectorHttpPort = 4318;

/**
 * Plans a whole stage: what runs with which addresses, and what is missing.
 * @param known ports that the stage already has, if it is running
 * @returns the plan, and the ports that must be free for it
 * @throws Problem for anything in the stage's files that the native runtime does not support
 */
export async function makePlan(
  directory: string,
  known: PortTable = {},
): Promise<{ plan: Plan; wanted: WantedPort[] }> {
  const compose = readComposeFile(directory);
  const active = compose.services.filter((service) => service.profiles.length === 0 && !isWaiter(service));
  const programs = new Map(active.map((service) => [service.name, findProgram(service, directory)]));
  const missing = missingServices(active, programs);
  const running = active.filter(({ name }) => !missing.some((service) => service.name === name));
  const ports = await makePortTable(compose.name, directory, active, programs, known);
  const around = surroundings(
    compose,
    ports,
    [...missing, ...compose.services.filter(isWaiter)].map(({ name }) => name),
  );
  const services = running.map((service) => planService(service, runnable(programs, service.name), around));
  const found = { services, missing, ports, names: around.names, ...ways(active, programs, ports, services) };
  linkToReceiver(active, found);
  for (const planned of services) planned.fingerprint = fingerprintOf(planned, directory);
  const usage = takeRoutes(compose, found);
  const located = { stage: compose.name, directory, ...found, ...(usage && { usage }), notes: lostTraces(found) };
  const plan: Plan = { ...located, targets: scrapeTargets(active, located) };
  return { plan, wanted: wantedPorts(active, running, plan) };
}

/**
 * Plans one service of a profile (traffic, say) beside a stage that runs with the given ports.
 * @throws Problem naming the services that there are
 */
export function planOne(
  directory: string,
  name: string,
  ports: PortTable,
  missing: string[],
): { planned: PlannedService; names: HostNames } {
  const compose = readComposeFile(directory);
  const profiled = compose.services.filter(({ profiles }) => profiles.length > 0);
  const service = profiled.find((candidate) => candidate.name === name);
  if (!service) {
    throw new Problem(
      `${compose.name} has no traffic named "${name}". It has: ${profiled.map((one) => one.name).join(', ') || 'none'}.`,
    );
  }
  const program = findProgram(service, directory);
  if (program.kind === 'missing') throw new Problem(`${name} cannot run here: ${program.cost}.`);
  const around = surroundings(compose, ports, missing);
  return { planned: planService(service, program, around), names: around.names };
}

function surroundings(compose: ComposeFile, ports: PortTable, missing: string[]): Surroundings {
  const conditions = compose.services.flatMap(({ dependsOn }) => dependsOn);
  const jobs = conditions.filter(({ condition }) => condition === 'service_completed_successfully');
  return {
    stage: compose.name,
    directory: compose.directory,
    names: hostNames(compose.services),
    ports,
    missing: new Set(missing),
    jobs: new Set(jobs.map(({ service }) => service)),
  };
}

/** Services without a program, and jobs that would wait for such a service forever. */
function missingServices(services: ComposeService[], programs: Map<string, Program>): MissingService[] {
  const missing: MissingService[] = [];
  for (const { name } of services) {
    const program = programs.get(name)!;
    if (program.kind === 'missing') missing.push({ name, cost: program.cost });
  }
  const absent = new Set(missing.map(({ name }) => name));
  const awaited = services.flatMap(({ dependsOn }) => dependsOn);
  for (const { name, dependsOn } of services) {
    const job = awaited.some((one) => one.service === name && one.condition === 'service_completed_successfully');
    const lacks = dependsOn.find((one) => absent.has(one.service) && one.condition === 'service_healthy');
    if (job && lacks && !absent.has(name))
      missing.push({ name, cost: `not started, because it needs ${lacks.service}` });
  }
  return missing;
}

function runnable(programs: Map<string, Program>, name: string): Exclude<Program, { kind: 'missing' }> {
  const program = programs.get(name)!;
  if (program.kind === 'missing') throw new Error(`${name} has no program`);
  return program;
}

/** Which paths telemetry takes, and the page to open. */
function ways(
  services: ComposeService[],
  programs: Map<string, Program>,
  ports: PortTable,
  planned: PlannedService[],
): Pick<Plan, 'receiver' | 'fluentd' | 'page'> {
  const collector = services.find(({ name }) => ports[name]?.[collectorHttpPort] !== undefined);
  const receives = collector && programs.get(collector.name)?.kind === 'missing';
  const fluentd = services.find(({ logging }) => logging?.driver === 'fluentd')?.logging?.options['fluentd-address'];
  const grafana = planned.find(({ image }) => image === 'grafana/grafana');
  const receiver = receives
    ? { port: ports[collector.name]![collectorHttpPort]!, inPlaceOf: collector.name }
    : undefined;
  const page = grafana?.url ?? (receiver && `http://127.0.0.1:${receiver.port}`);
  return { ...(receiver && { receiver }), ...(fluentd && !receiver && { fluentd }), ...(page && { page }) };
}

/** Links to Grafana that a service makes lead to the receiver's page where there is no Grafana. */
function linkToReceiver(
  all: ComposeService[],
  { services, receiver, missing }: Omit<Plan, 'stage' | 'directory' | 'targets' | 'notes'>,
): void {
  const grafana = all.find(({ image }) => backEndOf(image)?.image === 'grafana/grafana');
  if (!receiver || !missing.some(({ name }) => name === grafana?.name)) return;
  const link = `http://localhost:${grafana!.ports[0]?.host}`;
  for (const { environment } of services) {
    for (const [key, value] of Object.entries(environment)) {
      if (value === link) environment[key] = `http://localhost:${receiver.port}`;
    }
  }
}

function wantedPorts(all: ComposeService[], running: ComposeService[], plan: Plan): WantedPort[] {
  const wanted = running.flatMap(({ name, ports }) =>
    ports.map(({ host, variable }) => ({ service: name, port: host, ...(variable && { variable }) })),
  );
  const { receiver } = plan;
  const mapping = all
    .find(({ name }) => name === receiver?.inPlaceOf)
    ?.ports.find(({ host }) => host === receiver?.port);
  if (!receiver || !mapping) return wanted;
  return [
    ...wanted,
    { service: 'the receiver', port: receiver.port, ...(mapping.variable && { variable: mapping.variable }) },
  ];
}
