import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';
import { openSite } from './open-site.ts';

const site = join(import.meta.dirname, '..');
const root = join(site, '..');
const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';
const lacking = [
  ...(existsSync(join(site, 'node_modules/.package-lock.json')) ? [] : ['npm ci --prefix site']),
  ...(existsSync(executablePath) ? [] : [executablePath]),
];

suite('the site', { skip: lacking.length > 0 && `needs ${lacking.join(' and ')}`, timeout: 900_000 }, () => {
  let browser: Browser;
  let opened: Awaited<ReturnType<typeof openSite>>;

  before(async () => {
    const built = spawnSync('make', ['site'], { cwd: root, encoding: 'utf8' });
    assert.equal(built.status, 0, built.stdout + built.stderr);
    opened = await openSite();
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  });

  after(async () => {
    await browser?.close();
    opened?.close();
  });

  /** A page at a width and in a theme, with all that it asked for. */
  async function visit(path: string, width = 1440, colorScheme: 'light' | 'dark' = 'light') {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const page = await context.newPage();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(opened.origin + path, { waitUntil: 'networkidle' });
    return { page, requests, [Symbol.asyncDispose]: () => context.close() };
  }

  const html = (path: string): string => readFileSync(join(site, 'dist', path, 'index.html'), 'utf8');
  const lessons = (): string[] =>
    globSync('docs/lessons/stage-*.md', { cwd: root }).map((file) => `/${file.slice(13, -3)}/difference/`);

  test('each document is a page at its address', () => {
    const stages = globSync('stage-*/README.md', { cwd: root }).map((file) => `/${file.split('/')[0]}/`);
    for (const path of ['/', '/primer/', ...stages, ...lessons()]) assert.match(html(path), /<h1[^>]*>[^<]+/);
  });

  test('no link and no image of the site leads to a page, a file or an anchor that is not there', () => {
    const pages = globSync('**/index.html', { cwd: join(site, 'dist') });
    const ids = new Map(pages.map((page) => [page, new Set(idsOf(html(page.replace('index.html', ''))))]));
    const broken = pages.flatMap((page) =>
      [...html(page.replace('index.html', '')).matchAll(/(?:href|src)="(\/?[^":]*)"/g)].flatMap(([, target]) => {
        const { pathname, hash } = new URL(target!, `http://site/${page.replace('index.html', '')}`);
        const file = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
        const known = ids.get(file.slice(1));
        const there = existsSync(join(site, 'dist', decodeURI(file)));
        return there && (!hash || !known || known.has(decodeURI(hash.slice(1)))) ? [] : `${page}: ${target}`;
      }),
    );
    assert.deepEqual([...new Set(broken)], []);
  });

  test('nothing is asked of another origin', async () => {
    for (const path of ['/', '/primer/', '/stage-1/', ...lessons().slice(0, 1)]) {
      await using visited = await visit(path);
      const others = visited.requests.filter((url) => !url.startsWith(opened.origin) && !url.startsWith('data:'));
      assert.deepEqual(others, []);
    }
  });

  test('a lesson page takes at most 200 KB, and nothing in it moves while it loads', async () => {
    for (const path of ['/primer/', ...lessons()]) {
      await using visited = await visit(path, 360);
      const { bytes, shift } = await visited.page.evaluate(measure);
      assert.ok(bytes <= 200_000, `${path}: ${bytes} bytes`);
      assert.ok(shift < 0.01, `${path}: layout shift ${shift}`);
    }
  });

  for (const theme of ['light', 'dark'] as const) {
    for (const width of [360, 1440]) {
      test(`axe finds nothing at ${width} pixels in the ${theme} theme, and no page is wider than its window`, async () => {
        const found: string[] = [];
        for (const path of ['/', '/stage-4/', ...lessons().slice(-1)]) {
          await using visited = await visit(path, width, theme);
          const inner = await visited.page.evaluate(() => document.documentElement.scrollWidth);
          found.push(...(await axe(visited.page)).map((fault) => `${path} ${fault}`));
          if (inner !== width) found.push(`${path} is ${inner} pixels wide`);
        }
        assert.deepEqual(found, []);
      });
    }
  }

  test('the words of a diagram are as large as they were drawn, or nearly', async () => {
    for (const width of [360, 1440]) {
      for (const path of ['/stage-1/', '/stage-5/', '/stage-6/', '/architecture/']) {
        await using visited = await visit(path, width);
        const scales = await visited.page
          .locator('.diagram svg')
          .evaluateAll((all) => (all as SVGSVGElement[]).map((svg) => svg.clientWidth / svg.viewBox.baseVal.width));
        assert.ok(scales.length > 0);
        assert.ok(
          scales.every((scale) => scale > 0.8 && scale < 1.1),
          `${path}: ${scales}`,
        );
      }
    }
  });

  test('a search finds a word of a page', async () => {
    await using visited = await visit('/');
    await visited.page.getByRole('button', { name: 'Search' }).click();
    await visited.page.getByPlaceholder('Search').fill('exemplar');
    await visited.page.locator('.pagefind-ui__result-link').first().waitFor();
    assert.deepEqual(
      visited.requests.filter((url) => !url.startsWith(opened.origin) && !url.startsWith('data:')),
      [],
    );
  });

  test('a piece of a difference has an address, and shows the lines after it when asked', async (t) => {
    const [path] = lessons();
    if (!path) return t.skip('there is no lesson page yet');
    await using visited = await visit(path);
    const hunk = visited.page.locator('.hunk:has(.hunk-after)').first();
    assert.equal(await hunk.locator('.hunk-difference').isVisible(), true);
    assert.equal(await hunk.locator('.hunk-after').isVisible(), false);
    await hunk.getByLabel('After').check();
    assert.equal(await hunk.locator('.hunk-difference').isVisible(), false);
    assert.doesNotMatch(await hunk.locator('.hunk-after code').innerText(), /^\+/m);
    await hunk.getByRole('link', { name: 'Link to this code' }).click();
    assert.equal(new URL(visited.page.url()).hash, `#${await hunk.getAttribute('id')}`);
  });

  test('a page can be presented: one section a screen, by keyboard, without what leads elsewhere', async () => {
    await using visited = await visit('/stage-3/');
    const { page } = visited;
    await page.getByRole('link', { name: 'Present this page' }).click();
    await page.waitForURL('**/stage-3/?present');
    const shown = (): Promise<string[]> =>
      page.locator('.slide:visible').evaluateAll((all) => all.map((slide) => slide.getAttribute('aria-label')!));
    await page.locator('.present-bar').waitFor();
    const [title] = await shown();
    assert.match(title!, /^Stage 3/);
    for (const gone of ['header', '.sidebar', '.right-sidebar', 'footer'])
      assert.equal(await page.locator(gone).first().isVisible(), false, gone);
    await page.keyboard.press('ArrowRight');
    assert.deepEqual(await shown(), ['The question']);
    assert.equal(new URL(page.url()).hash, '#the-question');
    await page.reload();
    assert.deepEqual(await shown(), ['The question']);
    await page.keyboard.press('ArrowLeft');
    assert.deepEqual(await shown(), [title]);
    await page.keyboard.press('End');
    assert.deepEqual(await shown(), ['What you learned']);
    assert.match(await page.locator('.present-bar output').innerText(), /^(\d+) of \1$/);
    await page.getByRole('button', { name: 'Previous' }).click();
    assert.equal(await page.locator('.slide:visible').count(), 1);
    assert.deepEqual(await axe(page), []);
    await page.keyboard.press('Escape');
    await page.waitForURL(/\/stage-3\/(#.*)?$/);
    assert.equal(await page.locator('header').first().isVisible(), true);
    const others = visited.requests.filter((url) => !url.startsWith(opened.origin) && !url.startsWith('data:'));
    assert.deepEqual(others, []);
  });

  test('Space first shows the rest of a long section, and a code with radio buttons keeps its arrow keys', async () => {
    const [path] = lessons();
    await using visited = await visit(`${path}?present`, 1440);
    const { page } = visited;
    const place = page.locator('.present-bar output');
    await page.locator('.present-bar').waitFor();
    while ((await page.locator('.slide:visible .hunk-after').count()) === 0) await page.keyboard.press('ArrowRight');
    const before = await place.innerText();
    await page.keyboard.press(' ');
    await page.waitForFunction(() => scrollY > 0);
    assert.equal(await place.innerText(), before);
    await page.locator('.slide:visible input[value=difference]').first().focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await place.innerText(), before);
    assert.equal(await page.locator('.slide:visible .hunk-after').first().isVisible(), true);
  });

  test('each stage has a picture for links to it', () => {
    const [, picture] =
      /property="og:image" content="http:\/\/127\.0\.0\.1:4321(\/[^"]+)"/.exec(html('/stage-3/')) ?? [];
    const png = readFileSync(join(site, 'dist', picture!));
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [1200, 630]);
  });
});

function idsOf(text: string): string[] {
  return [...text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id!);
}

/** What the page took over the network, and how much it moved. */
function measure(): Promise<{ bytes: number; shift: number }> {
  const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
  const bytes = entries.reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).transferSize, 0);
  return new Promise((resolve) => {
    new PerformanceObserver((list) => {
      const shifts = list.getEntries() as unknown as { value: number }[];
      resolve({ bytes, shift: shifts.reduce((sum, { value }) => sum + value, 0) });
    }).observe({ type: 'layout-shift', buffered: true });
    // A page that never moves reports nothing.
    setTimeout(() => resolve({ bytes, shift: 0 }), 1000);
  });
}

const rules = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  // Starlight's search button also shows its keys, which are no part of its name.
  rules: { 'label-content-name-mismatch': { enabled: false } },
};

async function axe(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: join(site, 'node_modules/axe-core/axe.min.js') });
  const { violations } = await page.evaluate((options) => (window as any).axe.run(options), rules);
  return violations.map(({ id, nodes }: any) => `${id}: ${nodes.map(({ target }: any) => target).join(', ')}`);
}
