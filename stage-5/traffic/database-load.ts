import { build } from 'hdr-histogram-js';
import seedrandom from 'seedrandom';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { integer, url } from './config.ts';
import { listDice, pickDie } from './dice.ts';
import { interruption } from './interruption.ts';
import { requestStatus } from './request.ts';

// Asks die-service at a fixed rate, however long the answers take. Each request is one query of the database.

function ratio(name: string, fallback: string): number {
  const text = process.env[name] || fallback;
  const [lists, gets] = text.match(/^\d{1,6}:\d{1,6}$/) ? text.split(':').map(Number) : [0, 0];

  if (lists + gets === 0) throw new Error(`${name} must be two whole numbers such as 1:10, not "${text}"`);

  return lists / (lists + gets);
}

const target = url('DIE_SERVICE_URL', 'http://127.0.0.1:8001');
const rate = integer('QUERIES_PER_SECOND', 100, 10_000);
const duration = integer('DURATION_SECONDS', 30, 86_400);
const lists = ratio('LIST_TO_GET_RATIO', '1:10');
const seed = process.env.SEED || String(Date.now());

// In microseconds, up to ten minutes.
const latency = build({ highestTrackableValue: 600e6, numberOfSignificantValueDigits: 3 });
const errors: Record<string, number> = {};

async function query(path: string, due: number): Promise<void> {
  // A request that leaves late, because this process was busy with those before it, has waited since it was due.
  const since = Math.min(due, performance.now());
  const status = await requestStatus(target + path);

  latency.recordValue(Math.round((performance.now() - since) * 1000));
  if (status !== '200') errors[status] = (errors[status] ?? 0) + 1;
}

function describe(seconds: number): string {
  const failed = Object.values(errors).reduce((sum, count) => sum + count, 0);
  const answered = latency.totalCount - failed;
  const kinds = Object.entries(errors).map(([status, count]) => `, ${count} × ${status}`);
  const at = (percentile: number) => (latency.getValueAtPercentile(percentile) / 1000).toFixed(1);
  const percentiles = [50, 90, 95, 99, 99.9].map((percentile) => `p${percentile} ${at(percentile)}`);
  const share = ((100 * failed) / Math.max(1, latency.totalCount)).toFixed(2);

  return [
    `Achieved  ${(answered / seconds).toFixed(1)} queries/s: ${answered} of ${latency.totalCount} in ${seconds.toFixed(1)} s`,
    `Latency   ${percentiles.join(', ')}, max ${at(100)} ms`,
    `Errors    ${share} %${kinds.join('')}`,
  ].join('\n');
}

const random = seedrandom(seed);
const identifiers = await listDice();
console.log(`${rate} queries a second for ${duration} s, ${Math.round(lists * 100)} % of them lists, SEED=${seed}`);

const queries: Promise<void>[] = [];
const started = performance.now();

for (let count = 0; count < rate * duration && !interruption.aborted; count++) {
  const due = started + (count * 1000) / rate;
  const identifier = random() < lists ? '' : pickDie(identifiers, random);

  const early = due - performance.now();
  // Even a late request waits for the next turn, or answers and Ctrl-C would have to wait until all are sent.
  await (early > 0 ? sleep(early) : nextTurn());
  queries.push(query(identifier ? `/dice?${new URLSearchParams({ identifier })}` : '/dice', due));
}

await Promise.all(queries);
console.log(describe((performance.now() - started) / 1000));
if (errors.unanswered) process.exitCode = 1;
