import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { readComposeFile } from '../../runtime/compose/compose-file.ts';
import { Problem } from '../../runtime/problem.ts';
import { usageFiles } from '../../runtime/usage/records.ts';
import { ownJobs, ownServices } from './own-services.ts';
import { runChild } from './run-child.ts';
import type { BackEnd, OwnService, RunningStage } from './running-stage.ts';
import { usageEnd } from './usage-end.ts';

/** What `docker compose ps --format json` says of a container, as far as we read it. */
interface Container {
  Name: string;
  Service: string;
  State: string;
  Publishers: { TargetPort: number; PublishedPort: number; Protocol: string }[] | null;
}

/** The port that is asked, by back end. The collector is asked nothing. */
const ports: Record<string, number> = { postgres: 5432, prometheus: 9090, loki: 3100, tempo: 3200, grafana: 3000 };
const trafficPatience = 10 * 60_000;

/**
 * A stage that Docker Compose runs. Addresses are the published ones, whatever variables moved them.
 * @throws Problem when it does not run
 */
export async function dockerStage(name: string, directory: string): Promise<RunningStage> {
  const compose = (...words: string[]): Promise<string> =>
    runChild('docker', ['compose', ...words], { directory, patience: 30_000 });
  const containers = readContainers(await compose('ps', '--format', 'json'));
  const running = new Map(containers.filter(({ State }) => State === 'running').map((one) => [one.Service, one]));
  const file = readComposeFile(directory);
  const usage = usageEnd(file);
  const own = ownServices(file);
  const jobs = ownJobs(file);
  const jobNames = file.services.filter((service) => jobs.includes(service.name)).map((job) => job.containerName);
  const absent = own.filter((service) => !running.has(service));
  if (absent.length === own.length) throw new Problem(`${name} is not running. Start it: make ${name} up`);
  if (absent.length > 0) throw new Problem(`${name}: ${absent.join(', ')} is not running. See why: make ${name} logs`);
  return {
    ...{ name, directory, how: 'Docker' },
    services: own.map((service) => ownService(running.get(service)!)),
    jobs,
    since: await oldestStart([...own.map((service) => running.get(service)!.Name), ...jobNames]),
    backEnd: (service) => backEnd(service, running.get(service)),
    ...(usage && { readUsage: () => readUsage(compose, usage.containerPath) }),
    runTraffic: (environment) => runTraffic(directory, environment),
  };
}

/** The collector's image has no shell to read its files with, so they are copied out of it. */
async function readUsage(compose: (...words: string[]) => Promise<string>, path: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'usage-'));
  try {
    await compose('cp', `otel-collector:${dirname(path)}/.`, folder);
    return usageFiles(join(folder, basename(path))).map((file) => readFileSync(file, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One object a line; older versions of Compose print one list. */
function readContainers(text: string): Container[] {
  const lines = text.trim().split('\n').filter(Boolean);
  return lines.flatMap((line) => JSON.parse(line) as Container | Container[]);
}

function ownService(container: Container): OwnService {
  const port = container.Publishers?.find(({ PublishedPort }) => PublishedPort > 0)?.PublishedPort;
  if (port === undefined) throw new Problem(`${container.Service} publishes no port, so it cannot be asked.`);
  return { name: container.Service, url: `http://127.0.0.1:${port}` };
}

function backEnd(name: string, container: Container | undefined): BackEnd {
  const target = ports[name];
  const found = container?.Publishers?.find(({ TargetPort }) => target === undefined || TargetPort === target);
  return found?.PublishedPort
    ? { url: `http://127.0.0.1:${found.PublishedPort}` }
    : { missing: `${name} is not running` };
}

async function oldestStart(names: string[]): Promise<number> {
  const words = ['inspect', '--format', '{{.State.StartedAt}}', ...names];
  const printed = await runChild('docker', words, { directory: '/', patience: 30_000 });
  return Math.min(...printed.trim().split('\n').map(Date.parse));
}

/** Beside the running stage, of which it starts nothing. */
async function runTraffic(directory: string, environment: Record<string, string>): Promise<void> {
  const words = ['compose', '--profile', 'traffic', 'run', '--rm', '--build', '--no-deps', '-T', 'traffic'];
  await runChild('docker', words, { directory, environment, patience: trafficPatience });
}
