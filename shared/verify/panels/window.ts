import type { DataSource, PanelQuery, Target } from './dashboard.ts';

/** The time that a query is asked for, in milliseconds since 1970, and its resolution in milliseconds. */
export interface Window {
  from: number;
  to: number;
  step: number;
}

/** About as many points as a panel of a third of the screen draws. */
const points = 600;

/** The window that Grafana would ask for now. */
export function windowOf({ range }: PanelQuery, { scrapeInterval }: DataSource, now = Date.now()): Window {
  const step = Math.max(scrapeInterval, Math.ceil(range / points / 1000) * 1000);
  return { from: now - range, to: now, step };
}

/**
 * Gives Grafana's own variables the values that Grafana would give them. Any other variable stays, and the back end
 * refuses it. Rules: https://grafana.com/docs/grafana/latest/dashboards/variables/add-template-variables/#global-variables
 */
export function fillVariables(target: Target, { from, to, step }: Window, scrapeInterval: number): Target {
  const range = to - from;
  const values: Record<string, string> = {
    __range: `${range / 1000}s`,
    __range_s: String(range / 1000),
    __range_ms: String(range),
    __interval: `${step / 1000}s`,
    __interval_ms: String(step),
    __auto: `${step / 1000}s`,
    __rate_interval: `${Math.max(step + scrapeInterval, 4 * scrapeInterval) / 1000}s`,
    __from: String(from),
    __to: String(to),
  };
  const fill = (text: string): string =>
    text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced, bare) => values[braced ?? bare] ?? whole);
  const entries = Object.entries(target).map(([key, value]) => [key, typeof value === 'string' ? fill(value) : value]);
  return Object.fromEntries(entries) as Target;
}
