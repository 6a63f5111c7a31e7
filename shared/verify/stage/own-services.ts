import type { ComposeFile } from '../../runtime/compose/compose-file.ts';

/** The services that a stage builds and always runs: ours, and not a back end, traffic, or a job that ends. */
export function ownServices({ services }: ComposeFile): string[] {
  const awaited = services.flatMap(({ dependsOn }) => dependsOn);
  const jobs = awaited.filter(({ condition }) => condition === 'service_completed_successfully');
  return services
    .filter(({ build, profiles }) => build && profiles.length === 0)
    .map(({ name }) => name)
    .filter((name) => !jobs.some(({ service }) => service === name));
}
