import type { ComposeFile } from '../../runtime/compose/compose-file.ts';
import type { ComposeService } from '../../runtime/compose/service.ts';

/** The services that a stage builds and always runs: ours, and not a back end, traffic, or a job that ends. */
export function ownServices(file: ComposeFile): string[] {
  return builtServices(file)
    .filter(({ name }) => !isJob(file, name))
    .map(({ name }) => name);
}

/** The jobs that a stage builds, which run to their end before others start, and whose lines are collected. */
export function ownJobs(file: ComposeFile): string[] {
  return builtServices(file)
    .filter(({ name, logging }) => logging && isJob(file, name))
    .map(({ name }) => name);
}

function builtServices({ services }: ComposeFile): ComposeService[] {
  return services.filter(({ build, profiles }) => build && profiles.length === 0);
}

function isJob({ services }: ComposeFile, name: string): boolean {
  const awaited = services.flatMap(({ dependsOn }) => dependsOn);
  return awaited.some(({ service, condition }) => service === name && condition === 'service_completed_successfully');
}
