import { url } from './config.ts';

// Asks dice-roller itself for the same number of rolls twice: one after the other, and all at once.

const times = 10;

async function ask(address: string): Promise<void> {
  const answer = await fetch(address).catch(() => undefined);
  await answer?.text();

  if (!answer) throw new Error(`No answer from ${address}: start the stage first, or set DICE_ROLLER_URL`);
  if (!answer.ok) throw new Error(`${address} was answered with ${answer.status}`);
}

async function measure(action: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await action();

  return (performance.now() - started) / 1000;
}

async function comparePerformance(): Promise<void> {
  const target = url('DICE_ROLLER_URL', 'http://127.0.0.1:8000');
  // Connects first, which is no part of what is compared.
  await ask(`${target}/healthz`);

  const sequential = await measure(async () => {
    for (let roll = 0; roll < times; roll++) await ask(`${target}/roll?die=fair`);
  });
  console.log(`${times} sequential rolls: ${sequential.toFixed(2)} s`);

  const batch = await measure(() => ask(`${target}/roll-async?die=fair&times=${times}`));
  console.log(`1 async batch of ${times} rolls: ${batch.toFixed(2)} s`);
  console.log(`Async rolling is ${(sequential / batch).toFixed(1)}x faster than sequential`);
}

comparePerformance().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
