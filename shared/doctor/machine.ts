import { existsSync, readdirSync, readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { readComposeFile } from '../runtime/compose/compose-file.ts';
import { repositoryRoot } from '../runtime/places.ts';
import { isFree } from '../runtime/plan/free-ports.ts';
import { portOwner } from '../runtime/plan/port-owner.ts';
import { isRunning, readState } from '../runtime/run/state.ts';
import { fault, fine, notChecked, warning, type Finding } from './finding.ts';

const gigabyte = 1e9;

/** Node, architecture, disk, file system, proxy variables and ports. */
export async function checkMachine(): Promise<Finding[]> {
  return [
    fine('Node', `${process.version} on ${process.platform}, ${process.arch}`),
    disk(statfsSync(repositoryRoot)),
    fileSystem(repositoryRoot, kernel()),
    ...proxies(process.env),
    ...(await ports()),
  ];
}

/** @param space of the disk that holds the repository, in blocks */
export function disk({ bavail, bsize }: { bavail: number; bsize: number }): Finding {
  const free = bavail * bsize;
  const found = `${(free / gigabyte).toFixed(1)} GB free`;
  const remedy = 'Free some space; docker system prune removes what Docker no longer uses.';
  if (free < gigabyte) return fault('Disk', found, remedy);
  return free < 6 * gigabyte
    ? warning('Disk', `${found}; images and packages take up to 6 GB`, remedy)
    : fine('Disk', found);
}

function kernel(): string {
  return process.platform === 'linux' ? readFileSync('/proc/version', 'utf8') : '';
}

/** Under WSL, the Windows drives are slow and do not report changed files. */
export function fileSystem(folder: string, version: string): Finding {
  if (!/microsoft/i.test(version)) return fine('File system', folder);
  if (!/^\/mnt\/[a-z]\//.test(folder)) return fine('File system', `${folder}, in WSL`);
  return fault(
    'File system',
    `${folder} is on a Windows drive`,
    'Clone into the file system of Linux: cd ~ && git clone …',
  );
}

/** A proxy must leave this machine's own addresses alone. */
export function proxies(environment: NodeJS.ProcessEnv): Finding[] {
  const read = (name: string): string => environment[name] || environment[name.toUpperCase()] || '';
  const set = ['http_proxy', 'https_proxy', 'all_proxy'].filter((name) => read(name));
  if (set.length === 0) return [fine('Proxy', 'none is set')];
  const names = set.map((name) => name.toUpperCase()).join(', ');
  if (/(^|,)\s*(\*|localhost|127\.0\.0\.1)\s*(,|$)/.test(read('no_proxy'))) return [fine('Proxy', `${names} set`)];
  return [
    warning('Proxy', `${names} set, and NO_PROXY does not list localhost`, 'export NO_PROXY=localhost,127.0.0.1'),
  ];
}

async function ports(): Promise<Finding[]> {
  const state = readState();
  if (state && isRunning(state)) return [notChecked('Ports', `${state.stage} is running and has them`)];
  const stages = readdirSync(repositoryRoot).filter((name) => existsSync(join(repositoryRoot, name, 'compose.yaml')));
  const published = stages.flatMap((stage) =>
    readComposeFile(join(repositoryRoot, stage)).services.flatMap((service) =>
      service.ports.map(({ host, variable }) => ({ host, variable, service: service.name })),
    ),
  );
  const wanted = [...new Map(published.map((each) => [each.host, each])).values()];
  const taken: Finding[] = [];
  for (const { host, variable, service } of wanted) {
    if (await isFree(host)) continue;
    const remedy = variable ? `Stop it, or move ${service}: ${variable}=${host + 10_000}` : 'Stop it.';
    taken.push(warning(`Port ${host}`, `needed for ${service}, but in use by ${portOwner(host)}`, remedy));
  }
  return taken.length > 0 ? taken : [fine('Ports', `${wanted.length} ports are free`)];
}
