import { askJson } from '../../verify/read/ask.ts';
import { askTrace } from '../../verify/read/span-readers.ts';
import { fedBackEnd } from '../../verify/stage/running-stage.ts';
import type { Span } from '../../runtime/receiver/model.ts';
import { openLoad } from '../load/load.ts';
import { percentile, sentBetween, tally, type Shot } from '../load/shot.ts';
import type { Target } from '../load/target.ts';
import { figure, judge, notChecked, type Drill, type Finding, type Step } from '../step.ts';
import { printedLines } from '../telemetry/places.ts';
import { serviceOf, until } from './wait.ts';

const database = 'postgres';
const service = 'die-service';
const longestAnswer = 3000;
const longestRecovery = 2000;
const telemetryPatience = 60_000;

const target: Target = {
  service,
  paths: ['/dice', '/dice?identifier=fair', '/dice?identifier=risky'],
  quick: '/dice',
  isRight: (_path, status) => status === 200 || status === 503,
  lastLine: {},
};

function databaseStep(name: string, title: string, outage: (drill: Drill) => Promise<void>): Step {
  return { name, title, needs: [service, database], run: (drill) => breakDatabase(drill, outage) };
}

/** A service whose database is down says so, in its answers and in its telemetry, and waits for it to come back. */
export const databaseStopped = databaseStep(
  'database-stop',
  'PostgreSQL is stopped under load',
  async ({ control, did }) => {
    await control.stop(database);
    did(`Stopped ${database}`);
  },
);

export const databaseKilled = databaseStep(
  'database-kill',
  'PostgreSQL is killed under load',
  async ({ control, did }) => {
    // Where a restart policy brings it back at once, the stop keeps it down.
    await control.kill(database);
    await control.stop(database);
    did(`Killed ${database}`);
  },
);

async function breakDatabase(drill: Drill, outage: (drill: Drill) => Promise<void>): Promise<Finding[]> {
  const { control, signal, settings, did } = drill;
  const own = serviceOf(drill, service);
  const life = await control.look(service);
  const errors = await failedQueries(drill);
  const load = openLoad(own.url, target);
  const pause = (): Promise<unknown> => until(async () => false, settings.phase, signal);
  try {
    did(`Put ${service} under load: 60 requests a second`);
    await pause();
    const breaking = Date.now();
    await outage(drill);
    const broken = Date.now();
    await pause();
    const paths = ['/readyz', '/healthz'];
    const [ready, alive] = await Promise.all(paths.map(async (path) => (await fetch(own.url + path)).status));
    await control.start(database);
    const returned = Date.now();
    did(`Started ${database} again`);
    const first = (): Shot | undefined =>
      load.shots.find(({ sentAt, status, answeredAt }) => status === 200 && sentAt! > broken && answeredAt! > returned);
    const recovered = await until(async () => first() !== undefined, longestRecovery, signal);
    await pause();
    await load.end();
    const after = await control.look(service);
    const during = sentBetween(load.shots, breaking, returned);
    return [
      ...answerFindings(load.shots, during),
      judge(ready === 503 && alive === 200, 'it reports the problem', `/readyz ${ready}, /healthz ${alive}`),
      judge(recovered, 'it answers within 2 s of the return', recovered ? `${sinceText(first()!, returned)}` : 'no'),
      judge(after.id === life.id, `${service} was not restarted`, after.id === life.id ? 'as before' : 'it was'),
      ...(await telemetryFindings(drill, during, errors, breaking)),
    ];
  } finally {
    await load.end();
  }
}

function sinceText({ answeredAt }: Shot, returned: number): string {
  return `first 200 ${(answeredAt! - returned).toFixed(0)} ms after it`;
}

function answerFindings(shots: Shot[], during: Shot[]): Finding[] {
  const wrong = shots.filter(({ path, status, body }) => !status || !target.isRight(path, status, body ?? ''));
  const slow = shots.filter(({ sentAt, answeredAt }) => !answeredAt || answeredAt - sentAt! > longestAnswer);
  const refused = during.some(({ status }) => status === 503);
  return [
    judge(wrong.length === 0 && refused, 'every answer is 200 or 503', tally(shots)),
    judge(slow.length === 0, 'none takes longer than 3 s', `${slow.length} did`),
    figure('slowest answer of the outage', `${percentile(during, 1).toFixed(0)} ms`),
  ];
}

/** The sum of those series at /metrics whose name and labels begin so. */
async function total(drill: Drill, begin: string): Promise<number> {
  const text = await (await fetch(`${serviceOf(drill, service).url}/metrics`)).text();
  const series = text.split('\n').filter((line) => line.startsWith(begin));
  return series.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0);
}

async function failedQueries(drill: Drill): Promise<number> {
  const [list, get] = ['list', 'get'].map((type) => `database_queries_total{query_type="${type}",result="error"}`);
  return (await total(drill, list!)) + (await total(drill, get!));
}

async function telemetryFindings(drill: Drill, during: Shot[], before: number, since: number): Promise<Finding[]> {
  const failed = during.filter(({ status }) => status === 503);
  const errors = (await failedQueries(drill)) - before;
  const free = await total(drill, 'database_connection_pool_available');
  const size = await total(drill, 'database_connection_pool_size');
  return [
    judge(
      errors >= failed.length,
      'metrics count the failed queries',
      `${errors}, for ${failed.length} answers of 503`,
    ),
    judge(free === size, 'all connections of the pool are free again', `${free} of ${size}`),
    await lineFinding(drill, failed, since),
    await traceFinding(drill, failed),
  ];
}

async function lineFinding(drill: Drill, failed: Shot[], since: number): Promise<Finding> {
  const what = 'log lines say which queries failed';
  let named = 0;
  const found = async (): Promise<boolean> => {
    const text = (await printedLines(drill.stage, service, since))
      .filter((line) => line.includes('query failed'))
      .join();
    named = failed.filter(({ traceId }) => text.includes(traceId)).length;
    return named === failed.length;
  };
  try {
    return judge(await until(found, telemetryPatience, drill.signal), what, `${named} of ${failed.length}`);
  } catch (error) {
    drill.signal.throwIfAborted();
    return notChecked(what, (error as Error).message);
  }
}

/** A request that found no free connection sent no query, so it is enough that one trace shows the errors. */
async function traceFinding({ stage, signal }: Drill, failed: Shot[]): Promise<Finding> {
  const what = 'traces show the errors of the database';
  const tempo = fedBackEnd(stage, 'tempo');
  if (!stage.receiver && 'missing' in tempo) return notChecked(what, tempo.missing);
  const spansOf = async (traceId: string): Promise<Span[]> =>
    stage.receiver
      ? (await askJson(`${stage.receiver}/api/traces/${traceId}`)).spans
      : askTrace((tempo as { url: string }).url, traceId);
  const sample = failed.slice(-20);
  let saw = 'none does';
  const found = async (): Promise<boolean> => {
    for (const { traceId } of sample) {
      const spans = await spansOf(traceId).catch((): Span[] => []);
      const broken = spans.filter(({ kind, status }) => kind === 'CLIENT' && status === 'ERROR');
      if (broken[0]) saw = `${traceId}: ${broken.length} × ${broken[0].name}, ${broken[0].attributes['error.type']}`;
      if (broken[0]) return true;
    }
    return false;
  };
  return judge(await until(found, telemetryPatience, signal), what, saw);
}
