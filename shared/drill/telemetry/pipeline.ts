import { askJson } from '../../verify/read/ask.ts';
import type { RunningStage } from '../../verify/stage/running-stage.ts';
import { figure, notChecked, type Finding } from '../step.ts';

/** What the collector counts of itself, in spans and log records: https://opentelemetry.io/docs/collector/internal-telemetry/ */
const counters = {
  received: '{__name__=~"otelcol_receiver_accepted_(spans|log_records)(_total)?"}',
  refused: '{__name__=~"otelcol_receiver_refused_(spans|log_records)(_total)?"}',
  sent: '{__name__=~"otelcol_exporter_sent_(spans|log_records)(_total)?"}',
  failed: '{__name__=~"otelcol_exporter_send_failed_(spans|log_records)(_total)?"}',
};

/**
 * What the collector says that it received, refused, sent and failed to send since it started, as Prometheus has it: whether
 * something was lost in it, or never reached it.
 */
export async function pipelineFinding(stage: RunningStage): Promise<Finding> {
  const what = 'what the collector has counted since its start';
  const collector = stage.backEnd('otel-collector');
  if ('missing' in collector) return notChecked(what, collector.missing);
  const prometheus = stage.backEnd('prometheus');
  if ('missing' in prometheus) return notChecked(what, prometheus.missing);
  const counts = Object.entries(counters).map(
    async ([name, selector]) => `${name} ${await sum(prometheus.url, selector)}`,
  );
  return figure(what, (await Promise.all(counts)).join(', '));
}

async function sum(url: string, selector: string): Promise<number> {
  const { data } = await askJson(`${url}/api/v1/query`, { query: `sum(${selector})` });
  return Number(data.result[0]?.value[1] ?? 0);
}
