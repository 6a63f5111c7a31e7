import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What the native form of a back end may ask for while it is being planned. */
export interface Setting {
  binary: string;
  /** The port on this machine of a port inside the container. */
  port: (container: number) => number;
  /** The path on this machine of a path inside the container. */
  place: (target: string) => string;
}

export interface BackEnd {
  /** The image, without its tag. */
  image: string;
  binaries: string[];
  /** Ports that the program opens although its compose service does not publish them. */
  ports?: number[];
  /** What comes before the compose service's own command. */
  flags?: (setting: Setting) => string[];
  environment?: (setting: Setting) => Record<string, string>;
  /** How flags of compose.yaml begin that older releases do not know, and refuse; such a release runs without them. */
  newerFlags?: string;
  /** The signal that asks it to stop, if that is not SIGTERM. Its image says so, too. */
  stopSignal?: NodeJS.Signals;
  /** Keys set in the copy of the file that `--config.file` or `--config` names: a listening address has no flag everywhere. */
  configuration?: (setting: Setting) => [path: string[], value: string | number][];
  /** Ready when this answers, where compose.yaml has no health check that can be read: a path of a container port. */
  readyAt?: { port: number; path?: string };
  /** Ready when a line that it prints matches. */
  readyLine?: string;
  /** The port whose URL a person opens, if there is one to open. */
  page?: number;
  /** What a learner loses if the program is not on this machine. */
  cost: string;
}

/** Loki and Tempo share a server library: its settings, and its gRPC port, which would clash. */
function serverSettings(http: number): NonNullable<BackEnd['configuration']> {
  return ({ port }) => [
    [['server', 'http_listen_address'], '127.0.0.1'],
    [['server', 'http_listen_port'], port(http)],
    [['server', 'grpc_listen_address'], '127.0.0.1'],
    [['server', 'grpc_listen_port'], port(9095)],
  ];
}

/** Where the collector's configuration says how to read its own metrics. */
const collectorMetrics = 'service telemetry metrics readers 0 pull exporter prometheus'.split(' ');

export const backEnds: BackEnd[] = [
  {
    image: 'otel/opentelemetry-collector-contrib',
    binaries: ['otelcol-contrib'],
    // Port 8888, of its own metrics, is often taken by a notebook server.
    configuration: ({ port }) => [[[...collectorMetrics, 'port'], port(8888)]],
    readyAt: { port: 4318 },
    cost: 'a built-in receiver takes its place: `open` and `watch` show traces and log lines, Grafana shows neither',
  },
  {
    image: 'prom/prometheus',
    binaries: ['prometheus'],
    flags: ({ port }) => [`--web.listen-address=127.0.0.1:${port(9090)}`],
    readyAt: { port: 9090, path: '/-/ready' },
    page: 9090,
    cost: 'no metrics panels; every service still shows its metrics at /metrics',
  },
  {
    image: 'grafana/loki',
    binaries: ['loki'],
    ports: [9095],
    configuration: serverSettings(3100),
    readyAt: { port: 3100, path: '/ready' },
    cost: 'no log panels; `logs` and `watch` show the log lines',
  },
  {
    image: 'grafana/tempo',
    binaries: ['tempo'],
    ports: [9095],
    // These folders are the image's own unless they are named, and two Tempos must not share them.
    configuration: (setting) => [
      ...serverSettings(3200)(setting),
      [['live_store', 'wal', 'path'], setting.place('/var/tempo/live-store/traces')],
      [['live_store', 'shutdown_marker_dir'], setting.place('/var/tempo/live-store/shutdown-marker')],
      [['backend_scheduler', 'local_work_path'], setting.place('/var/tempo')],
    ],
    readyAt: { port: 3200, path: '/ready' },
    cost: 'no traces in Grafana, and no metrics made from them',
  },
  {
    image: 'grafana/grafana',
    binaries: ['grafana'],
    flags: ({ binary }) => ['server', '--homepath', grafanaHome(binary)],
    environment: ({ port, place }) => ({
      GF_SERVER_HTTP_ADDR: '127.0.0.1',
      GF_SERVER_HTTP_PORT: String(port(3000)),
      GF_PATHS_DATA: place('/var/lib/grafana'),
      GF_PATHS_LOGS: place('/var/log/grafana'),
      GF_PATHS_PLUGINS: place('/var/lib/grafana/plugins'),
      GF_PATHS_PROVISIONING: place('/etc/grafana/provisioning'),
    }),
    readyAt: { port: 3000, path: '/api/health' },
    page: 3000,
    cost: 'no dashboards; query each back end directly',
  },
  {
    image: 'postgres',
    binaries: ['postgres'],
    flags: ({ port }) => [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      `port=${port(5432)}`,
      '-c',
      'unix_socket_directories=',
    ],
    readyLine: 'database system is ready to accept connections',
    // With SIGTERM it would wait until all of its clients have disconnected.
    stopSignal: 'SIGINT',
    cost: 'no database: whatever needs it does not work',
  },
  {
    image: 'prometheuscommunity/postgres-exporter',
    binaries: ['postgres_exporter', 'prometheus-postgres-exporter'],
    flags: ({ port }) => [`--web.listen-address=127.0.0.1:${port(9187)}`],
    newerFlags: '--collector.',
    readyAt: { port: 9187, path: '/' },
    cost: 'no database panels that come from the exporter',
  },
];

/** The back end behind an image's name, whatever its tag, or undefined. */
export function backEndOf(image: string | undefined): BackEnd | undefined {
  const name = image
    ?.replace(/@.*$/, '')
    .replace(/:[^/:]*$/, '')
    .replace(/^docker\.io\/(library\/)?/, '');
  return backEnds.find((backEnd) => backEnd.image === name);
}

/** Grafana's own files: beside a release's binary, or where packages put them. */
function grafanaHome(binary: string): string {
  const homes = [dirname(dirname(realpathSync(binary))), dirname(realpathSync(binary)), '/usr/share/grafana'];
  return homes.find((home) => existsSync(join(home, 'conf/defaults.ini'))) ?? '/usr/share/grafana';
}
