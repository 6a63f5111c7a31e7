import { existsSync } from 'node:fs';
import { after, type TestContext } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';

const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';

/** Why tests that need a browser are not checked; false where it is there. */
export const withoutChromium = existsSync(executablePath) ? false : `not on this machine: ${executablePath}`;

/** A page in a separate context, with the requests it made and the errors it reported. */
export interface Visit {
  page: Page;
  requests: string[];
  complaints: string[];
}

let started: Promise<Browser> | undefined;
after(async () => (await started)?.close());

/** Chromium, started once for all tests of a file. */
function browser(): Promise<Browser> {
  const flags = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'];
  return (started ??= chromium.launch({ executablePath, args: flags }));
}

/** Opens an address in Chromium, until the test ends. */
export async function visit(t: TestContext, url: string): Promise<Visit> {
  const context = await (await browser()).newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  const opened: Visit = { page, requests: [], complaints: [] };
  page.on('request', (request) => opened.requests.push(request.url()));
  page.on('pageerror', ({ message }) => opened.complaints.push(message));
  page.on('console', (message) => message.type() === 'error' && opened.complaints.push(message.text()));
  page.on('dialog', (dialog) => opened.complaints.push(`dialog: ${dialog.message()}`));
  await page.goto(url);
  return opened;
}
