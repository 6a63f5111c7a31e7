import seedrandom from 'seedrandom';
import { integer, url } from './config.ts';
import { interruption } from './interruption.ts';

interface Summary {
  rolled: number;
  failed: number;
  unanswered: number;
}

interface Settings {
  target: string;
  users: number;
  maxRolls: number;
  seed: string;
}

function readSettings(): Settings {
  return {
    target: url('DICE_ROLLER_URL', 'http://127.0.0.1:8000'),
    users: integer('NUM_USERS', 5, 1000),
    maxRolls: integer('MAX_ROLLS_PER_USER', 20, 10_000),
    seed: process.env.SEED || String(Date.now()),
  };
}

async function checkTarget(target: string): Promise<void> {
  const answer = await fetch(`${target}/healthz`).catch(() => undefined);

  if (!answer?.ok) {
    throw new Error(`dice-roller does not answer at ${target}: start the stage first, or set DICE_ROLLER_URL`);
  }
}

async function rollOnce(target: string, die: string): Promise<keyof Summary> {
  try {
    const response = await fetch(`${target}/roll?die=${die}`);
    await response.text();

    return response.ok ? 'rolled' : 'failed';
  } catch {
    return 'unanswered';
  }
}

async function simulateUser(user: number, settings: Settings, summary: Summary): Promise<void> {
  // Each user has numbers of its own, so that a seed repeats a run however its users interleave.
  const random = seedrandom(`${settings.seed}/${user}`);
  const rolls = 1 + Math.floor(random() * settings.maxRolls);

  for (let roll = 0; roll < rolls && !interruption.aborted; roll++) {
    const outcome = await rollOnce(settings.target, random() < 0.5 ? 'fair' : 'risky');
    summary[outcome]++;
    showProgress(summary);
  }

  if (!interruption.aborted) print(`User ${user} has finished its last roll (${rolls} rolls)`);
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
  const settings = readSettings();
  await checkTarget(settings.target);
  print(`${settings.users} users, up to ${settings.maxRolls} rolls each, SEED=${settings.seed}`);

  const summary: Summary = { rolled: 0, failed: 0, unanswered: 0 };
  const users = Array.from({ length: settings.users }, (_, index) => simulateUser(index + 1, settings, summary));
  await Promise.all(users);

  print(`Traffic generation ${interruption.aborted ? 'stopped' : 'complete'}: ${describe(summary)}`);
  if (summary.unanswered > 0) process.exitCode = 1;
}

generateTraffic().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
