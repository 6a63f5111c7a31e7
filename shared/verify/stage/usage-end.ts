import type { ComposeFile } from '../../runtime/compose/compose-file.ts';
import { routesOf, type Route } from '../../runtime/usage/routes.ts';

/** Where the collector of a stage writes usage records, if its configuration routes any to a file on a volume. */
export function usageEnd({ name, directory, services }: ComposeFile): Route['end'] {
  const collector = services.find((service) => service.name === 'otel-collector');
  const ends = collector ? routesOf(collector, name, directory).map(({ end }) => end) : [];
  return ends.find((end) => end && end.path !== end.containerPath);
}
