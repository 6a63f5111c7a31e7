import { spawnSync } from 'node:child_process';
import { fault, fine, notChecked, warning, type Finding } from './finding.ts';

const gibibyte = 2 ** 30;

/** `start_interval` of a health check needs engine 25, whose API is 1.44. */
const oldest = { engine: '25.0', api: '1.44', compose: '2.24' };

/** The containers of the largest stage have limits of 2 GiB together. */
const memoryNeeded = 2 * gibibyte;

/** Engine, API, Compose, architecture, memory and mirrors; one warning where no engine is running. */
export function checkEngine(): Finding[] {
  const server = answer(['version', '--format', '{{json .Server}}']);
  if (!server) {
    const without = 'Start Docker, or go on without it: make back-ends downloads Grafana and the others as programs.';
    return [warning('Docker', 'no engine is running', without)];
  }
  return [
    version('Docker engine', server.Version, oldest.engine, 'Update Docker.'),
    version('Docker API', server.ApiVersion, oldest.api, 'Update Docker.'),
    version('Compose', compose(), oldest.compose, 'Update Docker Compose: https://docs.docker.com/compose/install/'),
    architecture(server.Arch),
    ...fromInfo(answer(['info', '--format', '{{json .}}'])),
  ];
}

/** What docker prints as JSON; undefined where it fails. */
function answer(words: string[]): Record<string, any> | undefined {
  const { status, stdout } = spawnSync('docker', words, { encoding: 'utf8', timeout: 10_000 });
  try {
    return status === 0 ? (JSON.parse(stdout) ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}

function compose(): string | undefined {
  const { stdout } = spawnSync('docker', ['compose', 'version', '--short'], { encoding: 'utf8', timeout: 10_000 });
  return stdout?.trim().replace(/^v/, '') || undefined;
}

function version(check: string, found: string | undefined, least: string, remedy: string): Finding {
  if (!found) return fault(check, 'not there', remedy);
  const older = found.localeCompare(least, 'en', { numeric: true }) < 0;
  return older ? fault(check, `${found}; ${least} is needed`, remedy) : fine(check, found);
}

function architecture(arch: string): Finding {
  const own = process.arch === 'x64' ? 'amd64' : process.arch;
  if (arch === own) return fine('Architecture', arch);
  return warning('Architecture', `Docker runs ${arch} on ${own}, which is slow`, `Install Docker for ${own}.`);
}

function fromInfo(info: Record<string, any> | undefined): Finding[] {
  if (!info) return [notChecked("Docker's memory", 'docker info does not answer')];
  const found = `${(info.MemTotal / gibibyte).toFixed(1)} GiB`;
  const mirrors: string[] = info.RegistryConfig?.Mirrors ?? [];
  return [
    info.MemTotal < memoryNeeded
      ? fault("Docker's memory", `${found}; 2 GiB are needed`, 'Give Docker more memory in its settings.')
      : fine("Docker's memory", found),
    fine("Docker's mirror", mirrors.join(', ') || 'none'),
  ];
}
