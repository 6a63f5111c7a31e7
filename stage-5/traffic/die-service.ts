import seedrandom from 'seedrandom';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './ask.ts';
import { integer, url } from './config.ts';
import { listDice, pickDie } from './dice.ts';
import { interruption } from './interruption.ts';

// Asks die-service itself, without the services before it: for the list, for each die, and for dice that do not exist.

async function loadDieService(): Promise<void> {
  const target = url('DIE_SERVICE_URL', 'http://127.0.0.1:8001');
  const count = integer('NUM_REQUESTS', 100, 1_000_000);
  const rate = integer('RATE_LIMIT', 10, 1000);
  const seed = process.env.SEED || String(Date.now());
  const random = seedrandom(seed);
  const identifiers = await listDice();
  console.log(`${count} requests, ${rate} a second at most, SEED=${seed}`);

  const answers: Record<string, number> = {};
  const requests: Promise<void>[] = [];
  const started = performance.now();

  for (let request = 0; request < count && !interruption.aborted; request++) {
    // The list, each die, and a die that does not exist, equally often.
    const identifier = pickDie(['', ...identifiers, `no-such-die-${request}`], random);
    const query = identifier && `?${new URLSearchParams({ identifier })}`;

    await sleep(Math.max(0, started + (request * 1000) / rate - performance.now()));
    requests.push(
      ask(`${target}/dice${query}`).then((answer) => {
        answers[answer] = (answers[answer] ?? 0) + 1;
      }),
    );
  }

  await Promise.all(requests);
  const summary = Object.entries(answers).map(([answer, times]) => `${times} × ${answer}`);
  console.log(`Traffic to die-service ${interruption.aborted ? 'stopped' : 'complete'}: ${summary.join(', ')}`);
  if (answers.unanswered) process.exitCode = 1;
}

loadDieService().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
