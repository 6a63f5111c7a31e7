import { matchesAny, type Manifest } from '../manifest.ts';
import type { Change } from '../steps.ts';

/** The part of a step that belongs to one concern. */
export interface Concern {
  name: string;
  changes: Change[];
}

/**
 * Groups changes as the manifest's `concerns` say, in its order; concerns without a change are left out, and so is what
 * `not_shown` names.
 */
export function groupByConcern(manifest: Manifest, changes: Change[]): Concern[] {
  const shown = changes.filter(({ path }) => !matchesAny(path, manifest.not_shown));
  return Object.keys(manifest.concerns)
    .map((name) => ({ name, changes: shown.filter(({ path }) => concernOf(manifest, path) === name) }))
    .filter(({ changes }) => changes.length > 0);
}

/** As in a .gitignore, the last line that matches counts; the rest belongs to the concern that names no path. */
function concernOf({ concerns }: Manifest, path: string): string | undefined {
  const names = Object.keys(concerns);
  return (
    names.findLast((name) => matchesAny(path, concerns[name]!)) ?? names.find((name) => concerns[name]!.length === 0)
  );
}
