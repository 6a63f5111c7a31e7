import { existsSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { chromium, type Page } from 'playwright-core';

const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';

/** Why tests that need a browser are not checked; false where it is there. */
export const withoutChromium = existsSync(executablePath) ? false : `not on this machine: ${executablePath}`;

/** A page in a browser of its own, and all that it asked for or complained about. */
export interface Visit {
  page: Page;
  requests: string[];
  complaints: string[];
}

/** Opens an address in Chromium, until the test ends. */
export async function visit(t: TestContext, url: string): Promise<Visit> {
  const flags = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'];
  const browser = await chromium.launch({ executablePath, args: flags });
  t.after(() => browser.close());
  const page = await browser.newPage();
  const opened: Visit = { page, requests: [], complaints: [] };
  page.on('request', (request) => opened.requests.push(request.url()));
  page.on('pageerror', ({ message }) => opened.complaints.push(message));
  page.on('console', (message) => message.type() === 'error' && opened.complaints.push(message.text()));
  page.on('dialog', (dialog) => opened.complaints.push(`dialog: ${dialog.message()}`));
  await page.goto(url);
  return opened;
}
