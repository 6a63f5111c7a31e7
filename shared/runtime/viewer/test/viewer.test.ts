import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../../places.ts';
import { makePlan } from '../../plan/make-plan.ts';
import { freePorts } from '../../free-ports.ts';
import { service, viewer } from './open-viewer.ts';

const page = join(import.meta.dirname, '../page');

test('the page comes as HTML that may load nothing from elsewhere', async (t) => {
  const { url } = await viewer(t);
  const response = await fetch(url);

  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.match(response.headers.get('content-security-policy')!, /^default-src 'self';/);
  assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
  assert.match(await response.text(), /<h2 id="traces-title">Recent traces<\/h2>/);
});

test('its files come with the types that a browser asks for, the programs as JavaScript', async (t) => {
  const { url } = await viewer(t);
  const types = { css: 'text/css', svg: 'image/svg+xml', html: 'text/html', ts: 'text/javascript' };
  for (const name of readdirSync(page)) {
    const response = await fetch(`${url}/viewer/${name}`);
    const expected = types[name.split('.').pop() as keyof typeof types];

    assert.equal(response.headers.get('content-type'), `${expected}; charset=utf-8`, name);
    assert.match(response.headers.get('content-security-policy')!, /default-src 'self'/);
    assert.doesNotMatch(await response.text(), /^(import|export) (type|interface)/m, name);
  }
});

test('a link that was made for Grafana opens its trace here', async (t) => {
  const { url } = await viewer(t);
  const trace = '0af7651916cd43dd8448eb211c80319c';
  const panes = JSON.stringify({ trace: { datasource: 'tempo', queries: [{ refId: 'A', query: trace }] } });
  const follow = (query: string) => fetch(`${url}/explore?${query}`, { redirect: 'manual' });

  const response = await follow(String(new URLSearchParams({ schemaVersion: '1', panes })));
  assert.equal(response.status, 302);
  assert.equal(response.headers.get('location'), `/#trace/${trace}`);
  assert.equal((await follow('panes=//elsewhere.example')).headers.get('location'), '/');
});

test('links to Grafana lead to the receiver where Grafana is missing', async () => {
  const path = process.env.PATH;
  process.env.PATH = '';
  const { plan } = await makePlan(join(repositoryRoot, 'stage-2'));
  process.env.PATH = path;

  assert.equal(plan.services.find(({ name }) => name === 'frontend')?.environment.GRAFANA_URL, 'http://localhost:4318');
});

test('nothing but the page’s own files is served', async (t) => {
  const { url } = await viewer(t);
  for (const path of ['viewer/main.js', 'viewer/..%2fviewer.ts', 'viewer/%2e%2e%2fviewer.ts', 'viewer/']) {
    assert.equal((await fetch(`${url}/${path}`)).status, 404, path);
  }
});

test('the page names no address but its own', () => {
  for (const name of readdirSync(page)) {
    const text = readFileSync(join(page, name), 'utf8').replaceAll('http://www.w3.org/2000/svg', '');
    // In comments only.
    assert.doesNotMatch(text.replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, ''), /https?:|["'(]\/\//, name);
  }
});

test('only GET is answered', async (t) => {
  const { url } = await viewer(t);
  for (const path of ['/', '/viewer/main.ts', '/api/metrics', '/api/traces', '/api/stage']) {
    const response = await fetch(url + path, { method: 'POST' });

    assert.deepEqual([response.status, response.headers.get('allow')], [405, 'GET, HEAD'], path);
  }
});

test('the page gets the stage and its services', async (t) => {
  const { url } = await viewer(t, [await service(t)]);

  assert.deepEqual(await (await fetch(`${url}/api/stage`)).json(), { name: 'stage-7', services: ['dice-roller'] });
});

test('current metrics are read from the services when they are asked for', async (t) => {
  const target = await service(t);
  const { url } = await viewer(t, [target]);
  const { services } = (await (await fetch(`${url}/api/metrics`)).json()) as any;

  assert.deepEqual([services.length, services[0].service, services[0].url], [1, 'dice-roller', target.url]);
  assert.deepEqual(
    services[0].metrics.map(({ name, type, help }: any) => [name, type, help]),
    [
      ['dice_rolls_total', 'counter', 'Rolls of a known die'],
      ['rolls_in_flight', 'gauge', 'Rolls now'],
      ['dice_roll_value', 'histogram', 'Values rolled'],
    ],
  );
  assert.deepEqual(services[0].metrics[2].series, [{ labels: { die_type: 'fair' }, count: 4, sum: 14 }]);
});

test('a service that does not answer, or not with metrics, is shown next to the others', async (t) => {
  const [free] = await freePorts(1);
  const silent = { service: 'silent', url: `http://127.0.0.1:${free}/metrics` };
  const failing = await service(t, 'no', 500);
  const garbled = await service(t, '<html>');
  const { url } = await viewer(t, [silent, failing, garbled, await service(t)]);
  const { services } = (await (await fetch(`${url}/api/metrics`)).json()) as any;

  assert.equal(services[0].fault, `${silent.url} does not answer.`);
  assert.equal(services[1].fault, `${failing.url} answers 500.`);
  assert.match(services[2].fault, /cannot be read: <html>/);
  assert.equal(services[3].metrics.length, 3);
});

test('the services to ask are those of the stage’s Prometheus configuration that run, on this machine', async (t) => {
  const path = process.env.PATH;
  process.env.PATH = '';
  t.after(() => (process.env.PATH = path));
  const { plan } = await makePlan(join(repositoryRoot, 'stage-1'));

  assert.deepEqual(plan.targets, [
    { service: 'dice-roller', url: `http://127.0.0.1:${plan.ports['dice-roller']![8000]}/metrics` },
  ]);
});
