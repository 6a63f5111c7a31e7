import * as z from 'zod';
import type { ComposeService } from '../compose/service.ts';
import { placeMounts, rewritePaths } from '../plan/mounts.ts';
import { readYaml } from '../read-yaml.ts';

/** A file of usage records, and how it is rotated: as the collector's file exporter would. */
export interface UsageFile {
  /** On this machine. */
  path: string;
  megabytes: number;
  backups: number;
  /** 0 for no limit. */
  days: number;
}

/** A route that the collector has for some log records only. */
export interface Route {
  /** As written in the collector's configuration. */
  condition: string;
  /** Where a file exporter at its end writes: inside the container, and on this machine. */
  end?: { containerPath: string; path: string };
  /** What the built-in receiver writes in the collector's place. Absent if it does not understand the route. */
  file?: UsageFile;
}

/** The one condition that the built-in receiver knows, and what it amounts to: `isUsage`. */
const knownCondition =
  'IsString(log.body) and IsMatch(log.body, "^\\\\s*\\\\{") and ParseJSON(log.body)["usage"] == true';

/**
 * Whether a printed line is a usage record: a JSON object whose field `usage` is true. The collector's parser differs where
 * no JSON.stringify made the line: it refuses 1e999 and nesting deeper than 10,000, and takes 01, a raw tab in a text, and
 * a NUL at the end.
 */
export function isUsage(text: string): boolean {
  try {
    return JSON.parse(text)?.usage === true;
  } catch {
    return false;
  }
}

// Settings that are not named here, such as compression, would change the form of the file.
const fileExporter = z.strictObject({
  path: z.string(),
  // The printed line as it is, a record a line.
  encoding: z.literal('text_encoding'),
  rotation: z.strictObject({
    max_megabytes: z.int().min(1).default(100),
    max_backups: z.int().min(1).default(100),
    max_days: z.int().min(0).default(0),
  }),
});

interface Entry {
  context?: string;
  condition?: string;
  statement?: string;
  pipelines?: string[];
}

/** The routes in the configuration that is mounted into a collector: each entry of its routing connectors' tables. */
export function routesOf(collector: ComposeService, stage: string, directory: string): Route[] {
  const places = placeMounts(collector, stage, directory);
  const files = places.flatMap(({ copyOf }) => (copyOf && /\.ya?ml$/.test(copyOf) ? [copyOf] : []));
  return files.map(readYaml).flatMap((configuration) => {
    const { connectors = {}, service } = configuration;
    const used = Object.values<any>(service?.pipelines ?? {}).flatMap(({ exporters = [] }) => exporters);
    const routing = [...new Set<string>(used)].filter((name) => name in connectors && /^routing(\/|$)/.test(name));
    const entries: Entry[] = routing.flatMap((name) => connectors[name]?.table ?? []);
    return entries.map((entry) => routeOf(entry, configuration, (path) => rewritePaths(path, places)));
  });
}

function routeOf(
  { context, condition, statement, pipelines = [] }: Entry,
  { exporters, service }: Record<string, any>,
  placeOf: (path: string) => string,
): Route {
  const ends: string[] = pipelines.flatMap((name) => service.pipelines[name]?.exporters ?? []);
  const [end = ''] = ends;
  const route: Route = { condition: condition ?? statement ?? '' };
  if (ends.length !== 1 || !/^file(\/|$)/.test(end)) return route;
  const containerPath = String(exporters?.[end]?.path);
  const path = placeOf(containerPath);
  route.end = { containerPath, path };
  const settings = fileExporter.safeParse(exporters?.[end]);
  const isKnown = context === 'log' && condition?.replace(/\s+/g, ' ').trim() === knownCondition;
  // A file that is not on a volume would be lost with the container.
  if (!isKnown || !settings.success || path === containerPath) return route;
  const { max_megabytes: megabytes, max_backups: backups, max_days: days } = settings.data.rotation;
  return { ...route, file: { path, megabytes, backups, days } };
}
