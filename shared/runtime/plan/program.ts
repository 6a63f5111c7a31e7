import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readDockerfile } from '../compose/dockerfile.ts';
import type { ComposeService } from '../compose/service.ts';
import { Problem } from '../problem.ts';
import { backEndOf, type BackEnd } from './back-ends.ts';
import { findBinary } from './find-binary.ts';

/** What runs a service here: its own sources, a back end's program, or nothing, and what that costs. */
export type Program =
  | { kind: 'own'; directory: string; workdir: string; command: string[]; environment: Record<string, string> }
  | { kind: 'back end'; backEnd: BackEnd; binary: string; command: string[] }
  | { kind: 'missing'; backEnd?: BackEnd; cost: string };

/**
 * Finds what can run a service on this machine. A service that is built is ours, unless its Dockerfile merely extends a
 * back end's image.
 * @throws Problem when one of our services does not say how it starts
 */
export function findProgram(service: ComposeService, stageDirectory: string): Program {
  if (!service.build) return backEndProgram(service, service.image);
  const directory = resolve(stageDirectory, service.build.context);
  const dockerfile = join(directory, service.build.dockerfile);
  if (!existsSync(dockerfile)) throw new Problem(`compose.yaml, ${service.name}: there is no ${dockerfile}.`);
  const image = readDockerfile(readFileSync(dockerfile, 'utf8'), dockerfile);
  if (backEndOf(image.from)) return backEndProgram(service, image.from);
  const command = [...image.entrypoint, ...(service.command ?? image.command)];
  if (command.length === 0) {
    throw new Problem(
      `${service.name} does not say how it starts: give ${dockerfile} a CMD, or the service a command.`,
    );
  }
  // Paths in ENV are places inside the image.
  const environment = Object.entries(image.environment).filter(
    ([name, value]) => name !== 'PATH' && !value.startsWith('/'),
  );
  return { kind: 'own', directory, workdir: image.workdir, command, environment: Object.fromEntries(environment) };
}

/**
 * Whether a service only waits until another one answers, in place of a health check: a shell's `until` loop. It is not
 * needed here, because `up` itself asks whether each service is ready.
 */
export function isWaiter({ command }: ComposeService): boolean {
  return command?.some((word) => word.startsWith('until wget ')) ?? false;
}

function backEndProgram(service: ComposeService, image: string | undefined): Program {
  const backEnd = backEndOf(image);
  if (!backEnd) return { kind: 'missing', cost: `the native runtime has no program for the image ${image}` };
  const binary = findBinary(backEnd.binaries);
  if (!binary) return { kind: 'missing', backEnd, cost: backEnd.cost };
  // An image's entrypoint is the program; some commands name it again.
  const [first, ...rest] = service.command ?? [];
  const command = first && backEnd.binaries.includes(first) ? rest : (service.command ?? []);
  return { kind: 'back end', backEnd, binary, command: knownFlags(backEnd, binary, command) };
}

/** Without the newer flags that this release of a program does not list in its help. */
function knownFlags({ newerFlags }: BackEnd, binary: string, command: string[]): string[] {
  const isNewer = (word: string): boolean => newerFlags !== undefined && word.startsWith(newerFlags);
  if (!command.some(isNewer)) return command;
  const { stdout, stderr } = spawnSync(binary, ['--help'], { encoding: 'utf8' });
  return command.filter((word) => !isNewer(word) || `${stdout}${stderr}`.includes(word.split('=')[0]!));
}
