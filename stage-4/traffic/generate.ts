import seedrandom from 'seedrandom';
import { integer, probability } from './config.ts';
import { listDice, pickDie } from './dice.ts';
import { interruption } from './interruption.ts';
import { findTarget, type Target } from './target.ts';

const settings = {
  users: integer('NUM_USERS', 5, 1000),
  maxRequests: integer('MAX_REQUESTS_PER_USER', 20, 10_000),
  asyncProbability: probability('ASYNC_PROBABILITY', 0.3),
  maxAsyncRolls: integer('MAX_ASYNC_ROLLS', 10, 100),
  seed: process.env.SEED || String(Date.now()),
};

const summary = { rolled: 0, failed: 0, unanswered: 0 };

async function rollOnce(user: number, target: Target, die: string, times?: number): Promise<void> {
  if (times) print(`User ${user} making async roll: ${times} dice`);

  try {
    const { ok, status, traceId } = await target.roll(die, times);
    print(`User ${user} got ${status} for ${die}, trace ${traceId ?? 'not sampled'}`);
    summary[ok ? 'rolled' : 'failed']++;
  } catch {
    summary.unanswered++;
  }

  showProgress();
}

async function simulateUser(user: number, target: Target): Promise<void> {
  // Each user has its own random numbers, so a seed repeats a run however its users interleave.
  const random = seedrandom(`${settings.seed}/${user}`);
  const requests = 1 + Math.floor(random() * settings.maxRequests);

  for (let request = 0; request < requests && !interruption.aborted; request++) {
    const die = pickDie(dice, random);
    const times = random() < settings.asyncProbability ? 1 + Math.floor(random() * settings.maxAsyncRolls) : undefined;
    await rollOnce(user, target, die, times);
  }

  if (!interruption.aborted) print(`User ${user} has finished its last roll (${requests} requests)`);
}

function describe(): string {
  return `${summary.rolled} rolled, ${summary.failed} failed, ${summary.unanswered} unanswered`;
}

function showProgress(): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${describe()}`);
}

function print(line: string): void {
  console.log(process.stdout.isTTY ? `\r\x1b[K${line}` : line);
}

const target = await findTarget();
const dice = await listDice();
print(`${settings.users} users, up to ${settings.maxRequests} requests each, SEED=${settings.seed}`);

await Promise.all(Array.from({ length: settings.users }, (_, index) => simulateUser(index + 1, target)));
await target.end?.();

print(`Traffic generation ${interruption.aborted ? 'stopped' : 'complete'}: ${describe()}`);
if (summary.unanswered > 0) process.exitCode = 1;
