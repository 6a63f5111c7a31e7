import { findService, request } from './request.ts';

// Asks dice-roller for the same number of rolls twice: one after the other, and all at once.

const times = 10;
const target = await findService('dice-roller', 'DICE_ROLLER_URL', 'http://127.0.0.1:8000');

async function roll(path: string): Promise<void> {
  const { ok, status } = await request(target + path);

  if (!ok) throw new Error(`${target}${path} was answered with ${status}`);
}

async function measure(action: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await action();

  return (performance.now() - started) / 1000;
}

const sequential = await measure(async () => {
  for (let count = 0; count < times; count++) await roll('/roll?die=fair');
});
console.log(`${times} sequential rolls: ${sequential.toFixed(2)} s`);

const batch = await measure(() => roll(`/roll-async?die=fair&times=${times}`));
console.log(`1 async batch of ${times} rolls: ${batch.toFixed(2)} s`);
console.log(`Async rolling is ${(sequential / batch).toFixed(1)}x faster than sequential`);
