import type { ComposeFile } from '../../runtime/compose/compose-file.ts';

/** The services that a stage builds and always runs: ours, and not a back end or traffic. */
export function ownServices({ services }: ComposeFile): string[] {
  return services.filter(({ build, profiles }) => build && profiles.length === 0).map(({ name }) => name);
}
