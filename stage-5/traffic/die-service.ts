import seedrandom from 'seedrandom';
import { setTimeout as sleep } from 'node:timers/promises';
import { integer, url } from './config.ts';
import { listDice, pickDie } from './dice.ts';
import { interruption } from './interruption.ts';
import { requestStatus } from './request.ts';

// Bypasses the other services and asks die-service for its list, for each die, and for dice that do not exist.

const target = url('DIE_SERVICE_URL', 'http://127.0.0.1:8001');
const count = integer('NUM_REQUESTS', 100, 1_000_000);
const rate = integer('RATE_LIMIT', 10, 1000);
const seed = process.env.SEED || String(Date.now());
const random = seedrandom(seed);
const identifiers = await listDice();
console.log(`${count} requests, at most ${rate} a second, SEED=${seed}`);

const statuses: Record<string, number> = {};
const requests: Promise<void>[] = [];
const started = performance.now();

async function ask(identifier: string): Promise<void> {
  const query = identifier && `?${new URLSearchParams({ identifier })}`;
  const status = await requestStatus(`${target}/dice${query}`);
  statuses[status] = (statuses[status] ?? 0) + 1;
}

for (let request = 0; request < count && !interruption.aborted; request++) {
  await sleep(Math.max(0, started + (request * 1000) / rate - performance.now()));
  // The list, each die, and a die that does not exist, equally often.
  requests.push(ask(pickDie(['', ...identifiers, `no-such-die-${request}`], random)));
}

await Promise.all(requests);
const summary = Object.entries(statuses).map(([status, times]) => `${times} × ${status}`);
console.log(`Traffic to die-service ${interruption.aborted ? 'stopped' : 'complete'}: ${summary.join(', ')}`);
if (statuses.unanswered) process.exitCode = 1;
