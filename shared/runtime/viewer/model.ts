/** What `/api/metrics` answers, as JSON. */
export interface ServiceMetrics {
  service: string;
  url: string;
  /** Why there are no metrics. */
  fault?: string;
  metrics: Metric[];
}

export interface Metric {
  /** As queries name it: a counter's ends in `_total`, a histogram's lacks `_bucket`. */
  name: string;
  type: string;
  help: string;
  series: Series[];
}

/** A counter or gauge has a value; a histogram or summary has a count and a sum. JSON has no NaN: it comes as null. */
export interface Series {
  labels: Record<string, string>;
  value?: number | null;
  count?: number;
  sum?: number | null;
}

/** A page that Prometheus would read, at its address on this machine. */
export interface ScrapeTarget {
  service: string;
  url: string;
}
