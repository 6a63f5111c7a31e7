import { setTimeout as sleep } from 'node:timers/promises';
import { integer } from './config.ts';
import { interruption } from './interruption.ts';
import { findService, requestStatus } from './request.ts';

// Asks for dice at a fixed rate while you stop PostgreSQL and start it again, and reports what its clients saw.

const rate = integer('QUERIES_PER_SECOND', 20, 1000);
const target = await findService('die-service', 'DIE_SERVICE_URL', 'http://127.0.0.1:8001');

const statuses: Record<string, number> = {};
let slowest = 0;

async function ask(): Promise<void> {
  const started = performance.now();
  const status = await requestStatus(`${target}/dice?identifier=fair`);

  slowest = Math.max(slowest, performance.now() - started);
  statuses[status] = (statuses[status] ?? 0) + 1;
}

async function waitUntilReady(status: string): Promise<void> {
  while (!interruption.aborted && (await requestStatus(`${target}/readyz`)) !== status) await sleep(250);
}

function report(right: boolean, what: string): void {
  console.log(`${right ? 'passed' : 'failed'}  ${what}`);
  if (!right) process.exitCode = 1;
}

if ((await requestStatus(`${target}/readyz`)) !== '200')
  throw new Error('The database is down: start PostgreSQL first');
const requests: Promise<void>[] = [];
const timer = setInterval(() => requests.push(ask()), 1000 / rate);

console.log(`${rate} requests a second. Stop PostgreSQL: docker compose stop postgres`);
await waitUntilReady('503');
console.log('/readyz says 503: the database is down. Start it again: docker compose start postgres');
await waitUntilReady('200');
// Keep sending for a while, to see that the recovery lasts.
await sleep(interruption.aborted ? 0 : 2000);

clearInterval(timer);
await Promise.all(requests);
const counts = Object.entries(statuses).map(([status, count]) => `${count} × ${status}`);

report(!interruption.aborted, '/readyz said 503 during the outage, and 200 after it');
report(
  Object.keys(statuses).every((status) => ['200', '503'].includes(status)),
  `every answer is 200 or 503: ${counts.join(', ')}`,
);
report(slowest < 3000, `no answer takes 3 s: ${slowest.toFixed(0)} ms at most`);
