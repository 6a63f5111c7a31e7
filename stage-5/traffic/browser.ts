import { chromium, type Browser, type Page } from 'playwright-core';
import seedrandom from 'seedrandom';
import { setTimeout as sleep } from 'node:timers/promises';
import { integer } from './config.ts';
import { pickDie } from './dice.ts';
import { interruption } from './interruption.ts';
import { findService } from './request.ts';

const settings = {
  users: integer('NUM_USERS', 2, 20),
  maxRequests: integer('MAX_REQUESTS_PER_USER', 5, 10_000),
  seed: process.env.SEED || String(Date.now()),
  // How long a user looks at a result before the next click.
  minThinkMs: integer('MIN_THINK_MS', 2000, 60_000),
  maxThinkMs: integer('MAX_THINK_MS', 5000, 60_000),
  chromium: process.env.CHROMIUM || '/usr/bin/chromium',
};

let shown = 0;

async function simulateUser(user: number, browser: Browser): Promise<void> {
  const random = seedrandom(`${settings.seed}/${user}`);
  const requests = 1 + Math.floor(random() * settings.maxRequests);
  // Users share neither cookies nor a cache.
  const page = await (await browser.newContext()).newPage();
  await page.goto(frontend);
  const dice = await page.getByRole('option').allInnerTexts();

  for (let request = 0; request < requests; request++) {
    await think(random());
    if (interruption.aborted) return;
    const output = await rollOnce(page, pickDie(dice, random));
    console.log(`User ${user} sees ${output.replace('\n', ' ')}`);
    shown++;
  }

  console.log(`User ${user} has finished its last roll (${requests} requests)`);
}

async function think(share: number): Promise<void> {
  const ms = settings.minThinkMs + share * Math.max(0, settings.maxThinkMs - settings.minThinkMs);
  await sleep(ms, undefined, { signal: interruption }).catch(() => undefined);
}

// As a person does it: choose, click, and wait until Run is ready again.
async function rollOnce(page: Page, die: string): Promise<string> {
  await page.getByLabel('Die').selectOption(die);
  await page.getByRole('button', { name: 'Run' }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor();

  return page.getByLabel('Output').innerText();
}

// A container gives Chromium neither the rights for its sandbox nor much shared memory.
const args = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'];
const options = { executablePath: settings.chromium, args, handleSIGINT: false, handleSIGTERM: false };
const browser = await chromium.launch(options).catch(() => {
  throw new Error(`Chromium does not start from ${settings.chromium}: install it, or set CHROMIUM to its path`);
});
const frontend = await findService('frontend', 'FRONTEND_URL', 'http://127.0.0.1:8080');
console.log(`${settings.users} users in Chromium ${browser.version()}, SEED=${settings.seed}`);

await Promise.all(Array.from({ length: settings.users }, (_, index) => simulateUser(index + 1, browser)));
await browser.close();

console.log(`Traffic generation ${interruption.aborted ? 'stopped' : 'complete'}: ${shown} results shown`);
