import { setTimeout as sleep } from 'node:timers/promises';
import { buildCompileCache } from './compile-cache.ts';
import type { Measured, Sample } from './figures.ts';
import type { LoadGenerator } from './load.ts';
import { cpuSeconds, memory } from './proc.ts';
import { startService, type Service } from './service.ts';
import type { SpanCounter } from './span-counter.ts';
import type { Delivery, Variant } from './variants.ts';

export interface Size {
  requests: number;
  warmUp: number;
  connections: number;
}

export interface Tools {
  load: LoadGenerator;
  counter: SpanCounter;
  /** By folder: the environment that makes a service use its compile cache. */
  caches: Map<string, Record<string, string>>;
}

const patience = 5000;
const path = '/roll?die=fair';

/** One round of one variant: starts it twice, once without the compile cache, and loads the second. */
export async function measure(variant: Variant, size: Size, tools: Tools): Promise<Sample> {
  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: tools.counter.url,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${tools.counter.url}/v1/traces`,
    ROLL_MAX_DELAY_MS: '0',
  };
  const uncached = await startService(variant, environment);
  await uncached.stop();
  const service = await startService(variant, { ...environment, ...compileCache(variant, tools) });
  // What a start leaves to do is done by then.
  await sleep(1000);
  const idle = memory(service.pid)?.resident ?? 'not measured';
  const firstSpan = await timeToFirstSpan(variant, service, tools.counter);
  const { delivered, ...loaded } = await underLoad(variant, service, size, tools);
  await service.stop();
  const started = {
    ready: service.readyAfter / 1000,
    readyCpu: service.readyCpu ?? 'not measured',
    readyUncached: uncached.readyAfter / 1000,
  };
  return { figures: { ...started, ...loaded, firstSpan, idle }, delivered };
}

/** Built for the first variant of a folder, and used by all others of it. */
function compileCache({ folder }: Variant, { caches }: Tools): Record<string, string> {
  if (!caches.has(folder)) caches.set(folder, buildCompileCache(folder));
  return caches.get(folder)!;
}

async function timeToFirstSpan({ delivers }: Variant, { url }: Service, counter: SpanCounter): Promise<Measured> {
  if (delivers.spans === 0) return 'no spans';
  counter.reset();
  const sent = Date.now();
  await fetch(url + path);
  await until(() => counter.firstAt !== undefined);
  return counter.firstAt === undefined ? 'none came' : (counter.firstAt - sent) / 1000;
}

async function underLoad(variant: Variant, service: Service, size: Size, tools: Tools) {
  const { requests, warmUp, connections } = size;
  const run = async (requests: number) => {
    const earlier = await delivery(service, tools.counter);
    const cpu = cpuSeconds(service.pid);
    const result = await tools.load.run({ url: service.url + path, connections, requests });
    // Sending is part of a request's cost, so the CPU time is read once the last span has arrived.
    const { spans, lines } = variant.delivers;
    await until(
      () =>
        tools.counter.spans >= earlier.spans + spans * requests && service.lines() >= earlier.lines + lines * requests,
    );
    const used = cpuSeconds(service.pid);
    return { ...result, earlier, cpu: used === undefined ? undefined : used - cpu! };
  };
  await run(warmUp);
  const { requestsPerSecond: rate, p99, cpu, earlier } = await run(requests);
  const highest = memory(service.pid)?.highest ?? 'not measured';
  const delivered = perRequest(earlier, await delivery(service, tools.counter), requests);
  return { cpu: cpu === undefined ? 'not measured' : (1000 * cpu) / requests, rate, p99, highest, delivered };
}

/** Everything that has arrived so far. */
async function delivery({ url, lines }: Service, { spans }: SpanCounter): Promise<Delivery> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const series = [...metrics.matchAll(/^http_requests_total\{.*\} (\d+)/gm)];
  return { spans, lines: lines(), counts: series.reduce((sum, [, value]) => sum + Number(value), 0) };
}

function perRequest(earlier: Delivery, later: Delivery, requests: number): Delivery {
  const share = (name: keyof Delivery) => (later[name] - earlier[name]) / requests;
  return { spans: share('spans'), lines: share('lines'), counts: share('counts') };
}

/** Waits for a condition, but not forever: whatever has not arrived by then counts as lost. */
async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + patience;
  while (!condition() && Date.now() < end) await sleep(10);
}
