import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stageRunDirectory } from '../places.ts';
import { messageOf, Problem } from '../problem.ts';
import type { Order } from './one-service.ts';
import type { Replacement } from './replace-services.ts';
import { isAlive } from './processes.ts';
import type { State } from './state.ts';

// An order to a supervisor is a file, and a signal that says that it is there; the answer is a file beside it. A socket
// would be shorter, but its path may have only a hundred characters.

const announcement = 'SIGUSR2';

interface Answer {
  fault?: string;
}

/**
 * Gives an order to the supervisor of a running stage, and returns when it was carried out.
 * @throws Problem saying why it could not be
 */
export async function giveOrder({ stage, phase, supervisor }: State, order: Order | Replacement): Promise<void> {
  if (phase !== 'ready' || !isAlive(supervisor)) throw new Problem(`${stage} is ${phase}. Try again when it is ready.`);
  const file = join(folderOf(stage), `${randomUUID()}.order`);
  mkdirSync(folderOf(stage), { recursive: true });
  writeWhole(file, order);
  process.kill(supervisor.pid, announcement);
  const { fault } = await answerTo(file, () => isAlive(supervisor));
  if (fault !== undefined) throw new Problem(fault);
}

/** Carries out the orders that are given to this process, several at once if need be. */
export function takeOrders(stage: string, obey: (order: Order | Replacement) => Promise<void>): void {
  const carryOut = async (file: string): Promise<void> => {
    const order: Order | Replacement = JSON.parse(readFileSync(file, 'utf8'));
    rmSync(file);
    const answer: Answer = await obey(order).then(
      () => ({}),
      (error: unknown) => ({ fault: messageOf(error) }),
    );
    // `down` may have removed the folder in the meantime.
    if (existsSync(folderOf(stage))) writeWhole(answerFile(file), answer);
  };
  process.on(announcement, () => {
    const files = existsSync(folderOf(stage)) ? readdirSync(folderOf(stage)) : [];
    for (const file of files.filter((name) => name.endsWith('.order'))) void carryOut(join(folderOf(stage), file));
  });
}

async function answerTo(file: string, alive: () => boolean): Promise<Answer> {
  while (!existsSync(answerFile(file))) {
    if (!alive()) throw new Problem('The stage was stopped in the meantime.');
    await sleep(20);
  }
  const answer: Answer = JSON.parse(readFileSync(answerFile(file), 'utf8'));
  rmSync(answerFile(file));
  return answer;
}

/** In one step, so that a reader never sees half of it. */
function writeWhole(file: string, content: Order | Replacement | Answer): void {
  writeFileSync(`${file}.part`, JSON.stringify(content), { mode: 0o600 });
  renameSync(`${file}.part`, file);
}

function folderOf(stage: string): string {
  return join(stageRunDirectory(stage), 'orders');
}

function answerFile(file: string): string {
  return `${file}.answer`;
}
