import type { ComposeFile } from '../compose/compose-file.ts';
import { routesOf, type UsageFile } from '../usage/routes.ts';
import type { Plan } from './plan.ts';

/**
 * Finds what the receiver has to write in the collector's place. It does not guess at a route that it does not
 * understand; the consequence is added to the note on the missing collector.
 */
export function takeRoutes(
  { name, directory, services }: ComposeFile,
  { receiver, missing }: Pick<Plan, 'receiver' | 'missing'>,
): UsageFile | undefined {
  const collector = services.find((service) => service.name === receiver?.inPlaceOf);
  if (!collector) return undefined;
  const routes = routesOf(collector, name, directory);
  const known = routes.find(({ file }) => file);
  const entry = missing.find((service) => service.name === collector.name)!;
  for (const { condition, file } of routes.filter((route) => route !== known)) {
    entry.cost += file
      ? `; it uses only the first of the routes for ${condition}`
      : `; it does not know the route for ${condition}, so those lines stay among the others`;
  }
  return known?.file;
}
