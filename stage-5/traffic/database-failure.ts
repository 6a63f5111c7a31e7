import { exec } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { integer, url } from './config.ts';

// Asks for dice while PostgreSQL is stopped and started again, and looks at what comes of it: at the answers, and at
// die-service's metrics, logs and traces. Each line that it prints is one thing that holds, or does not.

const target = url('DIE_SERVICE_URL', 'http://127.0.0.1:8001');
const loki = url('LOKI_URL', 'http://127.0.0.1:3100');
const tempo = url('TEMPO_URL', 'http://127.0.0.1:3200');
const rate = integer('QUERIES_PER_SECOND', 20, 1000);
const outage = integer('OUTAGE_SECONDS', 5, 600);
const errors = 'database_queries_total{query_type="get",result="error"}';

function tell(holds: boolean | undefined, what: string, saw: string): void {
  console.log(`${holds === undefined ? 'not checked' : holds ? 'passed     ' : 'failed     '}  ${what}: ${saw}`);
  if (holds === false) process.exitCode = 1;
}

async function ask(path: string) {
  const traceId = randomBytes(16).toString('hex');
  // Nobody sends the span of this caller; `verify` knows it by how its id begins.
  const headers = { traceparent: `00-${traceId}-d1ced1ce${randomBytes(4).toString('hex')}-01` };
  const started = performance.now();
  const signal = AbortSignal.timeout(10_000);
  const response = await fetch(target + path, { headers, signal }).catch(() => undefined);
  const body = await response?.text().catch(() => undefined);

  return { traceId, status: response?.status, body, milliseconds: performance.now() - started };
}

function startTraffic() {
  const answers: ReturnType<typeof ask>[] = [];
  const timer = setInterval(() => answers.push(ask('/dice?identifier=fair')), 1000 / rate).unref();

  return async () => {
    clearInterval(timer);
    return Promise.all(answers);
  };
}

async function until(holds: () => Promise<boolean>, seconds: number): Promise<boolean> {
  const deadline = performance.now() + seconds * 1000;

  while (!(await holds())) {
    if (performance.now() > deadline) return false;
    await sleep(250);
  }

  return true;
}

// Without a command it asks whoever runs it: a container cannot stop its neighbour.
async function change(what: 'stop' | 'start', ready: number): Promise<void> {
  const command = what === 'stop' ? process.env.STOP_COMMAND : process.env.START_COMMAND;
  if (command) await promisify(exec)(command);
  else console.log(`             Now ${what} PostgreSQL, for example: docker compose ${what} postgres`);

  const holds = await until(async () => (await ask('/readyz')).status === ready, 120);
  tell(holds, `after the ${what} die-service says how it is`, `/readyz ${ready}`);
}

async function metric(series: string): Promise<number> {
  const lines = (await ask('/metrics')).body?.split('\n') ?? [];

  return Number(lines.find((line) => line.startsWith(`${series} `))?.split(' ')[1]);
}

// Whether a back end names requests that failed. What was sent to it takes a while to be found.
async function tellKnown(
  what: string,
  address: string,
  range: Record<string, string>,
  failed: string[],
  least: number,
) {
  let saw: string | undefined;
  const holds = await until(async () => {
    const response = await fetch(`${address}?${new URLSearchParams(range)}`).catch(() => undefined);
    const body = await response?.text();
    const named = failed.filter((traceId) => body?.includes(traceId.replace(/^0+/, '')));
    if (body) saw = `${named.length} of ${failed.length}`;

    return !body || named.length >= least;
  }, 30);

  tell(saw === undefined ? undefined : holds, what, saw ?? 'it does not answer');
}

function tellAnswers(answers: Awaited<ReturnType<typeof ask>>[], failed: number): void {
  const known = answers.every(({ status }) => status === 200 || status === 503);
  const slowest = answers.reduce((most, { milliseconds }) => Math.max(most, milliseconds), 0);

  tell(failed > 0 && known, 'every answer is 200 or 503', `${failed} of ${answers.length} are 503`);
  tell(slowest < 3000, 'none takes 3 s', `${slowest.toFixed(0)} ms at most`);
}

async function tellMetrics(failed: number, earlier: number): Promise<void> {
  const counted = (await metric(errors)) - earlier;
  const free = await metric('database_connection_pool_available');
  const size = await metric('database_connection_pool_size');

  tell(counted >= failed, 'metrics count the failed queries', String(counted));
  tell(free === size, 'all connections are free again', `${free} of ${size}`);
}

async function tellBackEnds(failed: string[], start: number): Promise<void> {
  const range = { start: String(start), end: String(Math.ceil(Date.now() / 1000) + 60), limit: '5000' };
  const lines = { query: '{container_name="die-service"} | json | message="Database query failed"', ...range };
  const spans = {
    q: '{ resource.service.name="die-service" && span.db.system="postgresql" && status=error }',
    ...range,
  };
  // Loki gives 5000 lines at once.
  const last = failed.slice(-5000);

  await tellKnown('logs say which queries failed', `${loki}/loki/api/v1/query_range`, lines, last, last.length);
  // A request that found no connection free sent no query.
  await tellKnown('traces show the errors of the database', `${tempo}/api/search`, spans, failed, 1);
}

async function failDatabase(): Promise<void> {
  const start = Math.floor(Date.now() / 1000);
  const { status } = await ask('/readyz');
  if (status !== 200) throw new Error(`die-service is not ready at ${target}: start the stage first`);
  const earlier = await metric(errors);
  const endTraffic = startTraffic();

  await change('stop', 503);
  await sleep(outage * 1000);
  await change('start', 200);

  const answers = await endTraffic();
  const failed = answers.filter(({ status }) => status === 503).map(({ traceId }) => traceId);
  tellAnswers(answers, failed.length);
  await tellMetrics(failed.length, earlier);
  await tellBackEnds(failed, start);
}

failDatabase().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
