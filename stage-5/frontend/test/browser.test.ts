import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';
import { startCollector } from './collector.ts';
import { json, startBackEnd, startFrontEnd } from './front-end.ts';

const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';
const skip = existsSync(executablePath) ? false : `there is no Chromium at ${executablePath}; CHROMIUM names another`;
const grafana = 'http://grafana.example:3000';

let collector: Awaited<ReturnType<typeof startCollector>>;
let backEnd: Awaited<ReturnType<typeof startBackEnd>>;
let service: Awaited<ReturnType<typeof startFrontEnd>>;
let browser: Browser;
let tab: Page;
let tabWithoutScripts: Page;

before(async () => {
  if (skip) return;
  collector = await startCollector();
  backEnd = await startBackEnd(json(200, { roll: 4 }));
  const settings = { DICE_ROLLER_URL: backEnd.url, GRAFANA_URL: grafana };
  service = await startFrontEnd({ ...collector.environment, ...settings });
  await service.logged('Application started');
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  tab = await browser.newPage();
  tab.setDefaultTimeout(10_000);
  tabWithoutScripts = await browser.newPage({ javaScriptEnabled: false });
});

after(async () => {
  if (skip) return;
  await browser.close();
  service.stop();
  backEnd.close();
  collector.close();
});

// All tests share a tab. One that needs a fresh page loads it anew; the others go on with the page as the last one left it.
async function open(): Promise<Page> {
  await tab.unrouteAll();
  await tab.goto(service.url);

  return tab;
}

// As a person does it.
async function roll(page: Page, die: string): Promise<string> {
  await page.getByLabel('Die').selectOption(die);
  await page.getByRole('button', { name: 'Run' }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor();

  return page.getByLabel('Output').innerText();
}

test('nothing is asked of any other host, and the browser has nothing to complain about', { skip }, async () => {
  const seen: string[] = [];
  tab.on('request', (request) => seen.push(new URL(request.url()).origin));
  tab.on('console', (message) => seen.push(message.text()));
  tab.on('pageerror', (error) => seen.push(error.message));
  await tab.goto(service.url, { waitUntil: 'networkidle' });
  await roll(tab, 'fair');

  assert.deepEqual([...new Set(seen)], [service.url]);
});

for (const die of ['fair', 'risky']) {
  test(`the ${die} die is rolled, and status and body are shown as they are`, { skip }, async () => {
    backEnd.answer = json(200, { roll: die === 'fair' ? 1 : 7 });

    assert.equal(await roll(tab, die), `200\n{"roll":${die === 'fair' ? 1 : 7}}`);
    assert.equal(backEnd.asked.at(-1)!.url, `/roll?die=${die}`);
  });
}

test('a failed batch is shown unchanged', { skip }, async () => {
  backEnd.answer = json(500, { error: '1 of 10 rolls failed' });
  await tab.getByLabel('Use async rolling').check();

  assert.equal(await roll(tab, 'risky'), '500\n{"error":"1 of 10 rolls failed"}');
  assert.equal(backEnd.asked.at(-1)!.url, '/roll-async?die=risky&times=10');
});

test('a batch is rolled, and told in a sentence', { skip }, async () => {
  backEnd.answer = json(200, { total: 12, rolls: [4, 6, 2], count: 3 });
  await tab.getByLabel('Number of rolls').fill('3');

  assert.equal(await roll(tab, 'fair'), '200\nRolled 3 dice, total: 12, rolls: [4, 6, 2]');
  assert.equal(backEnd.asked.at(-1)!.url, '/roll-async?die=fair&times=3');
});

test('the number of rolls can be changed with the box ticked only, and is 1 to 10', { skip }, async () => {
  const page = await open();
  const times = page.getByLabel('Number of rolls');
  assert.equal(await times.isDisabled(), true);

  await page.getByLabel('Use async rolling').check();
  assert.equal(await times.isDisabled(), false);
  backEnd.asked.length = 0;
  for (const number of ['0', '11', '1.5', '']) {
    await times.fill(number);
    await times.press('Enter');
    assert.equal(await times.evaluate((input: any) => input.validity.valid), false, number);
  }
  assert.equal(backEnd.asked.length, 0);

  await page.getByLabel('Use async rolling').uncheck();
  assert.equal(await times.isDisabled(), true);
  backEnd.answer = json(200, { roll: 4 });
  assert.equal(await roll(page, 'fair'), '200\n{"roll":4}');
  assert.equal(backEnd.asked.at(-1)!.url, '/roll?die=fair');
});

test('a box ticked before the scripts are there enables the number of rolls once they are', { skip }, async () => {
  backEnd.answer = json(200, { total: 9, rolls: [4, 5], count: 2 });
  const scripts = Promise.withResolvers<void>();
  await tab.route('**/*.js', (route) => scripts.promise.then(() => route.continue()));
  await tab.goto(service.url, { waitUntil: 'commit' });
  await tab.getByLabel('Use async rolling').check();
  scripts.resolve();

  await tab.locator('[name=times]:enabled').fill('2');
  assert.equal(await roll(tab, 'fair'), '200\nRolled 2 dice, total: 9, rolls: [4, 5]');
  assert.equal(backEnd.asked.at(-1)!.url, '/roll-async?die=fair&times=2');
  await tab.getByLabel('Use async rolling').uncheck();
});

test('a failure is shown unchanged', { skip }, async () => {
  backEnd.answer = json(500, { error: 'The risky die <b>failed</b>' });

  assert.equal(await roll(tab, 'risky'), '500\n{"error":"The risky die <b>failed</b>"}');
});

test('an outage is shown as a 502, and the next roll works again', { skip }, async () => {
  backEnd.answer = (request) => request.destroy();
  assert.equal(await roll(tab, 'fair'), '502\n{"error":"dice-roller cannot be reached"}');

  backEnd.answer = json(200, { roll: 2 });
  assert.equal(await roll(tab, 'fair'), '200\n{"roll":2}');
});

test(
  'without die-service the page says so and Run is disabled; when it is back, a reload is enough',
  { skip },
  async () => {
    const { list } = backEnd;
    backEnd.list = (request) => request.destroy();
    const page = await open();
    assert.match(
      await page.getByText('There are no dice').innerText(),
      /^There are no dice: die-service does not answer/,
    );
    assert.equal(await page.getByRole('button').isDisabled(), true);

    backEnd.list = list;
    backEnd.answer = json(200, { roll: 2 });
    await page.reload();
    assert.equal(await page.getByText('There are no dice').count(), 0);
    assert.equal(await roll(page, 'fair'), '200\n{"roll":2}');
  },
);

test('a die that die-service lists can be rolled', { skip }, async () => {
  const { list } = backEnd;
  backEnd.list = json(200, { identifiers: ['fair', 'risky', 'd20'] });
  backEnd.answer = json(200, { roll: 20 });
  const page = await open();
  backEnd.list = list;

  assert.equal(await roll(page, 'd20'), '200\n{"roll":20}');
  assert.equal(backEnd.asked.at(-1)!.url, '/roll?die=d20');
});

test('a front end that is down is reported by the page', { skip }, async () => {
  await tab.route('**/api/roll**', (route) => route.abort());

  assert.match(await roll(tab, 'fair'), /^No answer/);
});

for (const scripts of ['are off', 'have not loaded']) {
  test(`a roll works when scripts ${scripts}, and the page shows its outcome and its trace`, { skip }, async () => {
    backEnd.answer = json(500, { error: 'The risky die failed' });
    const page = scripts === 'are off' ? tabWithoutScripts : tab;
    await page.route('**/*.js*', (route) => route.abort());
    await page.goto(service.url);
    await page.getByLabel('Die').selectOption('risky');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.waitForURL('**/?outcome=*');

    assert.equal(await page.getByLabel('Output').innerText(), '500\n{"error":"The risky die failed"}');
    assert.match(String(backEnd.asked.at(-1)!.traceparent), new RegExp(await page.getByRole('link').innerText()));
  });
}

test('without scripts, a batch has the ten rolls that the page shows', { skip }, async () => {
  backEnd.answer = json(200, { total: 9, rolls: [4, 5], count: 2 });
  const page = tabWithoutScripts;
  await page.goto(service.url);
  assert.equal(await page.getByLabel('Number of rolls').inputValue(), '10');
  await page.getByLabel('Use async rolling').check();
  await page.getByRole('button', { name: 'Run' }).click();
  await page.waitForURL('**/?outcome=*');

  assert.equal(await page.getByLabel('Output').innerText(), '200\nRolled 2 dice, total: 9, rolls: [4, 5]');
  assert.equal(backEnd.asked.at(-1)!.url, '/roll-async?die=fair&times=10');
});

test('after a plain form, the page works with its scripts again', { skip }, async () => {
  backEnd.answer = json(200, { roll: 3 });
  const page = await open();
  await page.evaluate(() => document.querySelector<HTMLFormElement>('form[action="/run"]')!.submit());
  await page.getByText('{"roll":3}').waitFor();

  backEnd.answer = json(200, { roll: 4 });
  assert.equal(await roll(page, 'fair'), '200\n{"roll":4}');
});

test('the trace id below links to that very trace in Grafana', { skip }, async () => {
  backEnd.answer = json(200, { roll: 3 });
  await roll(tab, 'fair');
  const link = tab.getByRole('link');
  const traceId = await link.innerText();
  const address = new URL((await link.getAttribute('href'))!);
  const [pane] = Object.values<any>(JSON.parse(address.searchParams.get('panes')!));

  assert.equal(address.origin, grafana);
  assert.equal(address.pathname, '/explore');
  assert.equal(pane.datasource, 'tempo');
  assert.equal(pane.queries[0].query, traceId);
  assert.match(String(backEnd.asked.at(-1)!.traceparent), new RegExp(`^00-${traceId}-`));
});

test('Run shows that it is busy, and a second click does nothing', { skip }, async () => {
  let finish = () => {};
  backEnd.answer = (request, response) => (finish = () => json(200, { roll: 5 })(request, response));
  backEnd.asked.length = 0;
  await tab.getByRole('button').click();
  await tab.getByRole('button', { name: 'Running' }).click({ force: true });
  while (backEnd.asked.length < 1) await tab.waitForTimeout(10);
  assert.equal(await tab.locator('form').getAttribute('aria-busy'), 'true');

  finish();
  await tab.getByRole('button', { name: 'Run', exact: true }).waitFor();
  assert.equal(backEnd.asked.length, 1);
});

test('the keyboard alone is enough', { skip }, async () => {
  backEnd.answer = json(200, { roll: 6 });
  const page = await open();
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText('{"roll":6}').waitFor();
  const focused = () => page.evaluate(() => document.activeElement!.tagName);

  assert.equal(backEnd.asked.at(-1)!.url, '/roll?die=risky');
  assert.equal(await focused(), 'BUTTON');
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'OUTPUT');
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'A');
});

const widths =
  'at 360 and 1600 pixels the output is below Run, and nothing is cut off; die and Run share a row that is wide enough';

test(widths, { skip }, async () => {
  backEnd.answer = json(200, { text: 'x'.repeat(1000) });
  await roll(tab, 'fair');

  for (const width of [360, 1600]) {
    await tab.setViewportSize({ width, height: 600 });
    const [die, run, output] = await Promise.all(
      ['#die', 'button', 'output'].map(async (selector) => (await tab.locator(selector).boundingBox())!),
    );

    assert.equal(Math.abs(die.y + die.height / 2 - run.y - run.height / 2) < 2, width > 360);
    assert.equal(output.y >= run.y + run.height, true);
    assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth), width);
  }
});
