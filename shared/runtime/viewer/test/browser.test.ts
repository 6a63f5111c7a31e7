import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json, spanRequest, traceId } from '../../test/open-receiver.ts';
import { visit, withoutChromium } from './open-browser.ts';
import { service, viewer } from './open-viewer.ts';

const checked = { skip: withoutChromium, timeout: 120_000 };
const root = '00f067aa0ba902b7';

async function send(url: string, span: object, id = traceId): Promise<void> {
  const response = await fetch(`${url}/v1/traces`, { method: 'POST', headers: json, body: spanRequest(span, id) });
  assert.equal(response.status, 200);
}

function printed(message: string, fields: object = {}) {
  const text = JSON.stringify({ level: 'ERROR', message, trace_id: traceId, span_id: root, ...fields });
  return { service: 'dice-roller', source: 'stdout' as const, text, time: new Date(1_700_000_000_100) };
}

test('the page says what to do while it is empty, and shows traces as they come, newest first', checked, async (t) => {
  const { url } = await viewer(t);
  const { page, complaints } = await visit(t, url);
  await page.getByText('make stage-7 traffic').waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  await send(url, { name: 'GET /older', status: { code: 2 } });
  await send(url, { name: 'GET /newer', startTimeUnixNano: '1700000000100000000' }, 'f'.repeat(32));
  await page.getByRole('link', { name: 'GET /older' }).waitFor();
  await page.getByRole('link', { name: 'GET /newer' }).waitFor();
  const rows = await page.locator('#trace-rows tr').allInnerTexts();

  assert.match(rows[0]!, /GET \/newer\s+dice-roller\s+150\.0 ms\s+1$/);
  assert.match(rows[1]!, /GET \/older\s+dice-roller\s+✗ error\s+250\.0 ms\s+1$/);
  assert.equal(await page.getByText('make stage-7 traffic').isVisible(), false);
  assert.deepEqual(complaints, []);
});

test(
  'by keyboard alone, a trace is opened, its spans are read with its log lines, and left again',
  checked,
  async (t) => {
    const { url, addLine } = await viewer(t);
    await send(url, {});
    const child = { spanId: '1111111111111111', parentSpanId: root, name: 'look up', kind: 3 };
    await send(url, { ...child, attributes: [{ key: 'die.type', value: { stringValue: 'risky' } }] });
    addLine(printed('Request failed', { error: 'The risky die failed' }));
    const { page } = await visit(t, url);
    const link = page.getByRole('link', { name: 'GET /roll' });
    await link.waitFor();
    while (!(await link.evaluate((element) => element === document.activeElement))) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'GET /roll' }).waitFor();
    const line = page.getByRole('row', { name: /\+100\.0 ms ERROR Request failed.*error=The risky die failed/ });
    await line.waitFor();

    assert.equal(await page.getByRole('row', { selected: true }).count(), 1);
    const first = page.getByRole('treeitem', { name: /GET \/roll/ });
    while (!(await first.evaluate((element) => element === document.activeElement))) await page.keyboard.press('Tab');
    assert.match((await line.getAttribute('class')) ?? '', /of-span/);
    await page.keyboard.press('ArrowDown');
    const second = page.getByRole('treeitem', { name: /look up/, selected: true });
    assert.equal(await second.getAttribute('aria-level'), '2');
    assert.match(await page.locator('dl').innerText(), /die\.type\s+risky/);
    assert.doesNotMatch((await line.getAttribute('class')) ?? '', /of-span/);
    await page.keyboard.press('Escape');
    assert.equal(await link.evaluate((element) => element === document.activeElement), true);
  },
);

test('text from outside is shown as text, whatever it says, and nothing else is asked', checked, async (t) => {
  const target = await service(t);
  const { url, addLine, notice } = await viewer(t, [{ ...target, service: '<i>dice</i>' }]);
  const evil = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  const attributes = [{ key: evil, value: { stringValue: evil } }];
  const events = [{ name: evil, timeUnixNano: '1700000000100000000', attributes }];
  await send(url, { name: evil, attributes, events, status: { code: 2, message: evil } });
  addLine(printed(evil, { [evil]: evil }));
  const { page, requests, complaints } = await visit(t, `${url}/#trace/${traceId}`);
  await page.getByRole('heading', { name: evil, exact: true }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  notice(evil);
  await page.getByRole('alert').getByText(evil).waitFor();
  await page.getByText('<b>risky</b>').waitFor();

  assert.equal(await page.locator('img, body script, b, i').count(), 0);
  assert.equal(await page.title(), 'stage-7 telemetry');
  for (const part of ['#trace-rows a', '[role=treeitem] .name', 'dt', 'dd', 'h4', '.message', '.logs .pair'])
    assert.ok((await page.locator(part).first().textContent())!.includes(evil), part);
  assert.deepEqual(
    requests.filter((request) => !request.startsWith(`${url}/`)),
    [],
  );
  assert.deepEqual(complaints, []);
});

test('metrics are shown by service, metric and labels: values, or count and average', checked, async (t) => {
  const { url } = await viewer(t, [await service(t)]);
  const { page } = await visit(t, url);
  const rows = (name: string) => page.getByRole('table', { name }).locator('tbody tr').allInnerTexts();
  await page.getByRole('table', { name: 'dice_rolls_total' }).waitFor();

  assert.match(await page.locator('summary').innerText(), /^dice-roller\s+3 metrics/);
  assert.deepEqual(await rows('dice_rolls_total'), ['die_type=fair result=success \t12', 'die_type=<b>risky</b> \t3']);
  assert.deepEqual(await rows('rolls_in_flight'), ['(none)\t2']);
  assert.deepEqual(await rows('dice_roll_value'), ['die_type=fair \t4\t3.5']);
});

test('a lost connection is reported, and what arrived in the meantime is shown when it is back', checked, async (t) => {
  const receiver = await viewer(t);
  const { page } = await visit(t, receiver.url);
  const status = page.getByRole('status');
  await status.getByText('Live', { exact: true }).waitFor();
  await receiver.stop();
  await status.getByText('Connection lost').waitFor();
  await receiver.start();
  await send(receiver.url, {});
  await status.getByText('Live', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'GET /roll' }).waitFor();
});

test('a link to a trace that does not exist says so, and shows the trace when it comes', checked, async (t) => {
  const { url } = await viewer(t);
  const { page } = await visit(t, `${url}/#trace/${traceId}`);
  await page.getByText(`There is no trace ${traceId}`).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  await send(url, {});
  await page.getByRole('treeitem', { name: /GET \/roll/, selected: true }).waitFor();
});

test('a narrow page needs no scrolling to the side', checked, async (t) => {
  const { url, addLine } = await viewer(t, [await service(t)]);
  const attributes = [{ key: 'k'.repeat(200), value: { stringValue: 'v'.repeat(200) } }];
  await send(url, { name: 'n'.repeat(200), attributes });
  addLine({ ...printed('m'.repeat(200), { ['f'.repeat(100)]: 'w'.repeat(200) }), service: 's'.repeat(200) });
  const { page } = await visit(t, `${url}/#trace/${traceId}`);
  await page.getByRole('treeitem').waitFor();
  for (const width of [360, 800, 1600]) {
    await page.setViewportSize({ width, height: 800 });
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

    assert.ok(beyond <= 0, `${beyond} pixels beyond ${width}`);
  }
});
