import { build, type Histogram } from 'hdr-histogram-js';
import seedrandom from 'seedrandom';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { ask } from './ask.ts';
import { integer, url } from './config.ts';
import { listDice, pickDie } from './dice.ts';
import { interruption } from './interruption.ts';

// Asks die-service at a fixed rate, each request one query of the database, however long the answers take.

interface Results {
  // In microseconds.
  latency: Histogram;
  errors: Record<string, number>;
}

function ratio(name: string, fallback: string): number {
  const text = process.env[name] || fallback;
  const [lists, gets] = text.match(/^\d{1,6}:\d{1,6}$/) ? text.split(':').map(Number) : [0, 0];

  if (lists + gets === 0) throw new Error(`${name} must be two whole numbers such as 1:10, not "${text}"`);

  return lists / (lists + gets);
}

async function query(address: string, due: number, { latency, errors }: Results): Promise<void> {
  // A request that leaves late, because those before it keep this process busy, has waited since it was due.
  const since = Math.min(due, performance.now());
  const answer = await ask(address);

  latency.recordValue(Math.round((performance.now() - since) * 1000));
  if (answer !== '200') errors[answer] = (errors[answer] ?? 0) + 1;
}

function describe({ latency, errors }: Results, seconds: number): string {
  const failed = Object.values(errors).reduce((sum, count) => sum + count, 0);
  const answered = latency.totalCount - failed;
  const kinds = Object.entries(errors).map(([answer, count]) => `, ${count} × ${answer}`);
  const at = (percentile: number) => (latency.getValueAtPercentile(percentile) / 1000).toFixed(1);
  const percentiles = [50, 90, 95, 99, 99.9].map((percentile) => `p${percentile} ${at(percentile)}`);
  const share = ((100 * failed) / Math.max(1, latency.totalCount)).toFixed(2);

  return [
    `Achieved  ${(answered / seconds).toFixed(1)} queries/s: ${answered} of ${latency.totalCount} in ${seconds.toFixed(1)} s`,
    `Latency   ${percentiles.join(', ')}, max ${at(100)} ms`,
    `Errors    ${share} %${kinds.join('')}`,
  ].join('\n');
}

async function loadDatabase(): Promise<void> {
  const target = url('DIE_SERVICE_URL', 'http://127.0.0.1:8001');
  const rate = integer('QUERIES_PER_SECOND', 100, 10_000);
  const duration = integer('DURATION_SECONDS', 30, 86_400);
  const lists = ratio('LIST_TO_GET_RATIO', '1:10');
  const seed = process.env.SEED || String(Date.now());
  const random = seedrandom(seed);
  const identifiers = await listDice();
  console.log(`${rate} queries a second for ${duration} s, ${Math.round(lists * 100)} % of them lists, SEED=${seed}`);

  const results: Results = {
    latency: build({ highestTrackableValue: 600e6, numberOfSignificantValueDigits: 3 }),
    errors: {},
  };
  const queries: Promise<void>[] = [];
  const started = performance.now();

  for (let count = 0; count < rate * duration && !interruption.aborted; count++) {
    const due = started + (count * 1000) / rate;
    const path =
      random() < lists ? '/dice' : `/dice?${new URLSearchParams({ identifier: pickDie(identifiers, random) })}`;

    const early = due - performance.now();
    // A turn also when it is late: or else answers and Ctrl-C would wait until all is sent.
    await (early > 0 ? sleep(early) : nextTurn());
    queries.push(query(target + path, due, results));
  }

  await Promise.all(queries);
  console.log(describe(results, (performance.now() - started) / 1000));
  if (results.errors.unanswered) process.exitCode = 1;
}

loadDatabase().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
