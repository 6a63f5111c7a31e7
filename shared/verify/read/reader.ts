/** A place that telemetry is read from, whatever runs the stage. */
export interface Reader<T> {
  /** For the table: `/metrics`, `Prometheus`, `Loki`, `log file`, `Tempo`, `receiver`. */
  name: string;
  /** Milliseconds until what a service emitted is surely there. */
  patience: number;
  /** All that is there now, of this life of the stage. */
  read: () => Promise<T>;
}
