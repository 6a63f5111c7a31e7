import type { Condition } from '../compose/service.ts';
import type { ScrapeTarget } from '../viewer/model.ts';
import type { UsageFile } from '../usage/routes.ts';
import type { HostNames, PortTable } from './addresses.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { Place } from './mounts.ts';

/** When a service counts as ready. With nothing here it does as soon as its process exists. */
export interface Readiness {
  /** All of these answer with a status below 400. */
  urls: string[];
  /** Something accepts connections on this port. */
  port?: number;
  /** A line that it prints matches. */
  line?: string;
  /** Milliseconds after which the start has failed. */
  patience: number;
}

/** One process, with everything resolved for this machine. Plain data: it goes through a file to the supervisor. */
export interface PlannedService {
  name: string;
  containerName: string;
  kind: 'own' | 'back end';
  /** The image's name for a back end, which decides what must be prepared before it starts. */
  image?: string;
  command: string[];
  directory: string;
  environment: Record<string, string>;
  places: Place[];
  /** A configuration file of a back end and the keys to set in its copy. */
  configuration?: { file: string; keys: [path: string[], value: string | number][] };
  dependsOn: { service: string; condition: Condition }[];
  /** It runs once to its end, and others wait for that. */
  job: boolean;
  readiness: Readiness;
  restart: string;
  stopGrace: number;
  stopSignal?: NodeJS.Signals;
  /** Whether its lines go the way of Docker's fluentd logging driver. */
  forwarded: boolean;
  /** Where it is published; without a scheme when it does not speak HTTP. */
  url?: string;
  /** Used to find out whether anything has changed since it was started. */
  fingerprint: Fingerprint;
}

export interface MissingService {
  name: string;
  cost: string;
}

/** Everything that the supervisor needs to run a stage. */
export interface Plan {
  stage: string;
  directory: string;
  services: PlannedService[];
  missing: MissingService[];
  ports: PortTable;
  names: HostNames;
  /** The built-in receiver and the service whose place it takes. */
  receiver?: { port: number; inPlaceOf: string };
  /** Where the receiver writes usage records, and nowhere else, because the collector would. */
  usage?: UsageFile;
  /** What the receiver's page reads current metrics from, as Prometheus would. */
  targets: ScrapeTarget[];
  /** Where Docker's logging driver would send lines: `address:port`. */
  fluentd?: string;
  /** What people should know, so that they do not look for something that is not there. */
  notes: string[];
  /** What a person opens first. */
  page?: string;
}
