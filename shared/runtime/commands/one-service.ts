import { giveOrder } from '../run/orders.ts';
import { requireRunning } from './recorded.ts';

/** Stops one service of a running stage; it stays so until it is started. */
export async function stopOne(stage: string, service: string): Promise<void> {
  await giveOrder(requireRunning(stage), { action: 'stop', service });
  console.log(`${service} was stopped.`);
}

/** Starts one service again, and returns when it is ready. */
export async function startOne(stage: string, service: string): Promise<void> {
  await giveOrder(requireRunning(stage), { action: 'start', service });
  console.log(`${service} runs.`);
}

/** Sends one service a signal. What follows is up to it and its restart policy. */
export async function killOne(stage: string, service: string, signal: string): Promise<void> {
  await giveOrder(requireRunning(stage), { action: 'kill', service, signal });
  console.log(`${service} was sent ${signal}.`);
}
