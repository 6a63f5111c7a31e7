import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { freePorts } from '../../free-ports.ts';
import { scrapeAll } from '../scrape.ts';

const answers: Record<string, [status: number, body: string]> = {
  '/metrics': [200, 'up 1\n'],
  '/broken': [500, 'up 1\n'],
  '/page': [200, '<html>'],
  '/moved': [302, ''],
};

test('each target answers in its place, and one that fails says why without hiding the others', async (t) => {
  const server = createServer(({ url = '' }, response) => {
    const [status, body] = answers[url]!;
    response.writeHead(status, { location: '/metrics' }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [nobody] = await freePorts(1);
  const urls = [`http://127.0.0.1:${nobody}/metrics`, ...Object.keys(answers).map((path) => `${base}${path}`)];
  const scraped = await scrapeAll(urls.map((url) => ({ service: url, url })));
  assert.deepEqual(
    scraped.map(({ service }) => service),
    urls,
  );
  assert.deepEqual(
    scraped.map(({ fault }) => fault),
    [
      `${urls[0]} does not answer.`,
      undefined,
      `${urls[2]} answers 500.`,
      'This line of /metrics cannot be read: <html>',
      `${urls[4]} does not answer.`,
    ],
  );
  assert.deepEqual(
    scraped.map(({ metrics }) => metrics.length),
    [0, 1, 0, 0, 0],
  );
});
