import { openMetricsContentType, prometheusContentType, register, Registry } from 'prom-client';

// OpenMetrics for clients that ask for it, as Prometheus does, and the text format for all others. A registry of prom-client
// renames its counters to write OpenMetrics, so every response gets its own, whose metrics share their values.
export function registryFor(accept = '', source: Registry<any> = register): Registry<any> {
  const registry = new Registry<any>();
  const openMetrics = accept.includes('application/openmetrics-text');
  registry.setContentType(openMetrics ? openMetricsContentType : prometheusContentType);
  source.getMetricsAsArray().forEach((metric) => registry.registerMetric(Object.create(metric)));

  return registry;
}
