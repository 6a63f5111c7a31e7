import { chromium, type Browser, type Page } from 'playwright-core';
import seedrandom from 'seedrandom';
import { setTimeout as sleep } from 'node:timers/promises';
import { integer, url } from './config.ts';
import { pickDie } from './dice.ts';
import { interruption } from './interruption.ts';

const settings = {
  frontend: url('FRONTEND_URL', 'http://127.0.0.1:8080'),
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
  // Users share no cookies and no cache.
  const page = await (await browser.newContext()).newPage();
  await page.goto(settings.frontend);
  const dice = await page.getByRole('option').allInnerTexts();

  for (let request = 0; request < requests; request++) {
    await think(random());
    if (interruption.aborted) return;
    const output = await rollOnce(page, pickDie(dice, random));
    console.log(`User ${user} sees ${output.replace('\n', ' ')}`);
    shown++;
  }

  console.log(`User ${user} has finished its last request (${requests} requests)`);
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

async function startBrowser(): Promise<Browser> {
  try {
    return await chromium.launch({
      executablePath: settings.chromium,
      // In a container Chromium has neither the rights for its sandbox nor much shared memory.
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
      handleSIGINT: false,
      handleSIGTERM: false,
    });
  } catch {
    throw new Error(`Chromium does not start from ${settings.chromium}: install it, or set CHROMIUM to its path`);
  }
}

async function checkFrontend(): Promise<void> {
  const answer = await fetch(`${settings.frontend}/healthz`).catch(() => undefined);

  if (!answer?.ok) {
    throw new Error(`frontend does not answer at ${settings.frontend}: start the stage first, or set FRONTEND_URL`);
  }
}

async function browse(): Promise<void> {
  const browser = await startBrowser();
  console.log(`${settings.users} users in Chromium ${browser.version()}, SEED=${settings.seed}`);

  try {
    await checkFrontend();
    await Promise.all(Array.from({ length: settings.users }, (_, index) => simulateUser(index + 1, browser)));
  } finally {
    await browser.close();
  }

  console.log(`Traffic generation ${interruption.aborted ? 'stopped' : 'complete'}: ${shown} results shown`);
}

browse().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
