import seedrandom from 'seedrandom';
import { integer } from './config.ts';
import { listDice, pickDie } from './dice.ts';
import { interruption } from './interruption.ts';
import { readTarget, type Target } from './target.ts';

interface Summary {
  rolled: number;
  failed: number;
  unanswered: number;
}

interface Settings {
  target: Target;
  users: number;
  maxRequests: number;
  seed: string;
}

async function readSettings(): Promise<Settings> {
  return {
    target: await readTarget(),
    users: integer('NUM_USERS', 5, 1000),
    maxRequests: integer('MAX_REQUESTS_PER_USER', 20, 10_000),
    seed: process.env.SEED || String(Date.now()),
  };
}

async function checkTarget({ service, address, variable }: Target): Promise<void> {
  const answer = await fetch(`${address}/healthz`).catch(() => undefined);

  if (!answer?.ok) {
    throw new Error(`${service} does not answer at ${address}: start the stage first, or set ${variable}`);
  }
}

async function rollOnce(user: number, target: Target, die: string): Promise<keyof Summary> {
  try {
    const response = await target.roll(die);
    print(`User ${user} got ${response.status} for ${die}, trace ${response.traceId}`);

    return response.ok ? 'rolled' : 'failed';
  } catch {
    return 'unanswered';
  }
}

async function simulateUser(user: number, settings: Settings, dice: string[], summary: Summary): Promise<void> {
  // Each user has numbers of its own, so that a seed repeats a run however its users interleave.
  const random = seedrandom(`${settings.seed}/${user}`);
  const requests = 1 + Math.floor(random() * settings.maxRequests);

  for (let request = 0; request < requests && !interruption.aborted; request++) {
    const outcome = await rollOnce(user, settings.target, pickDie(dice, random));
    summary[outcome]++;
    showProgress(summary);
  }

  if (!interruption.aborted) print(`User ${user} has finished its last request (${requests} requests)`);
}

function describe({ rolled, failed, unanswered }: Summary): string {
  return `${rolled} rolled, ${failed} failed, ${unanswered} unanswered`;
}

function showProgress(summary: Summary): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${describe(summary)}`);
}

function print(line: string): void {
  console.log(process.stdout.isTTY ? `\r\x1b[K${line}` : line);
}

async function generateTraffic(): Promise<void> {
  const settings = await readSettings();
  await checkTarget(settings.target);
  const dice = await listDice();
  print(`${settings.users} users, up to ${settings.maxRequests} requests each, SEED=${settings.seed}`);

  const summary: Summary = { rolled: 0, failed: 0, unanswered: 0 };
  const users = Array.from({ length: settings.users }, (_, index) => simulateUser(index + 1, settings, dice, summary));
  await Promise.all(users);
  await settings.target.end();

  print(`Traffic generation ${interruption.aborted ? 'stopped' : 'complete'}: ${describe(summary)}`);
  if (summary.unanswered > 0) process.exitCode = 1;
}

generateTraffic().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
