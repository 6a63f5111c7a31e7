/** A service of the stage's own. */
export interface OwnService {
  name: string;
  url: string;
}

/** A back end: its address, or why it cannot be asked. */
export type BackEnd = { url: string } | { missing: string };

/** A stage that runs, by Docker or as processes of this machine. */
export interface RunningStage {
  name: string;
  directory: string;
  how: 'Docker' | 'native';
  services: OwnService[];
  /** Its own jobs, which have ended; of their telemetry there are log lines only. */
  jobs: string[];
  /** When the oldest of its own processes started, in milliseconds since 1970. What is older is of another life. */
  since: number;
  /** @param name of the compose service: `prometheus`, `loki`, `tempo`, `otel-collector`, `grafana`, … */
  backEnd: (name: string) => BackEnd;
  /** The built-in receiver, where it takes the collector's place. */
  receiver?: string;
  /** The file with what a service printed, where there is one. */
  logFile?: (service: string) => string;
  /** The texts of the files that the collector keeps usage records in, the newest last, where there are such. */
  readUsage?: () => Promise<string[]>;
  /**
   * Runs the stage's traffic generator to its end.
   * @throws Problem with what it printed, if it failed
   */
  runTraffic: (settings: Record<string, string>) => Promise<void>;
}

/** What a back end costs that receives nothing although it runs: the collector feeds Loki and Tempo. */
export function fedBackEnd(stage: RunningStage, name: string): BackEnd {
  const collector = stage.backEnd('otel-collector');
  const backEnd = stage.backEnd(name);
  const fed = name === 'loki' || name === 'tempo';
  return fed && 'url' in backEnd && 'missing' in collector ? collector : backEnd;
}
