import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { askBackEnd, isTraceMetric } from '../panels/back-end-queries.ts';
import type { Target } from '../panels/dashboard.ts';
import { backEnd } from './back-end.ts';

/** Quarter of an hour, in milliseconds, that begins in the middle of a second. */
const window = { from: 1_000_500, to: 1_900_500, step: 5000 };

/** Whether an answer shows something, and what was asked. */
async function asking(t: TestContext, type: string, target: Omit<Target, 'refId'>, body: object) {
  const { url, asked } = await backEnd(t, () => ({ body }));
  const shows = await askBackEnd[type]!(url, { refId: 'A', ...target }, window);
  const [{ pathname, searchParams }] = asked as [URL];
  return { shows, path: pathname, parameters: Object.fromEntries(searchParams) };
}

suite('Prometheus is asked', () => {
  const answer = (...result: object[]) => ({ data: { result } });

  test('for a range in seconds, or for its end', async (t) => {
    const range = await asking(t, 'prometheus', { expr: 'a + b' }, answer());
    const times = { start: '1000.5', end: '1900.5', step: '5' };
    assert.deepEqual(range, { shows: false, path: '/api/v1/query_range', parameters: { query: 'a + b', ...times } });
    const instant = await asking(t, 'prometheus', { expr: 'a', instant: true }, answer());
    assert.deepEqual([instant.path, instant.parameters], ['/api/v1/query', { query: 'a', time: '1900.5' }]);
  });

  test('and shows something as soon as one value is a number', async (t) => {
    const shows = async (...result: object[]) =>
      (await asking(t, 'prometheus', { expr: 'a' }, answer(...result))).shows;
    assert.equal(
      await shows(
        { values: [[1, 'NaN']] },
        {
          values: [
            [1, 'NaN'],
            [2, '0'],
          ],
        },
      ),
      true,
    );
    assert.equal(await shows({ value: [1, '+Inf'] }), true);
    assert.equal(await shows({ value: [1, 'NaN'] }, { values: [] }), false);
  });
});

suite('Loki is asked', () => {
  const lines = { data: { resultType: 'streams', result: [{ stream: {}, values: [['1', 'a line']] }] } };

  test('for a range in nanoseconds, or for its end', async (t) => {
    const range = await asking(t, 'loki', { expr: '{a="b"}', maxLines: 5 }, lines);
    const times = { start: '1000500000000', end: '1900500000000', step: '5' };
    assert.deepEqual(range.parameters, { query: '{a="b"}', ...times, limit: '5' });
    assert.deepEqual([range.shows, range.path], [true, '/loki/api/v1/query_range']);
    const instant = await asking(t, 'loki', { expr: 'a', queryType: 'instant' }, lines);
    assert.deepEqual(instant.parameters, { query: 'a', time: '1900500000000' });
    const marked = await asking(t, 'loki', { expr: 'a', instant: true }, lines);
    assert.deepEqual([instant.path, marked.path], ['/loki/api/v1/query', '/loki/api/v1/query']);
  });

  test('and shows numbers like Prometheus, but any line', async (t) => {
    const shows = async (data: object) => (await asking(t, 'loki', { expr: 'a' }, { data })).shows;
    assert.equal(await shows({ resultType: 'streams', result: [] }), false);
    assert.equal(await shows({ resultType: 'streams', result: [{ values: [['1', 'NaN']] }] }), true);
    assert.equal(await shows({ resultType: 'matrix', result: [{ values: [[1, 'NaN']] }] }), false);
    assert.equal(await shows({ resultType: 'matrix', result: [{ values: [[1, '3']] }] }), true);
  });
});

suite('Tempo is asked', () => {
  test('for traces, between whole seconds that hold the window', async (t) => {
    const search = await asking(t, 'tempo', { query: '{ }', limit: 7 }, { traces: [{}] });
    assert.deepEqual([search.shows, search.path], [true, '/api/search']);
    assert.deepEqual(search.parameters, { q: '{ }', start: '1000', end: '1901', limit: '7' });
    assert.equal((await asking(t, 'tempo', { query: '{ }' }, {})).shows, false);
  });

  test('for numbers, where a zero may come without its value', async (t) => {
    const query = '{ } | rate()';
    const range = await asking(t, 'tempo', { query }, { series: [{ samples: [{}, { value: 2 }] }] });
    assert.deepEqual([range.shows, range.path, range.parameters.step], [true, '/api/metrics/query_range', '5s']);
    const instant = await asking(t, 'tempo', { query, metricsQueryType: 'instant' }, { series: [{ value: 2 }] });
    assert.deepEqual([instant.shows, instant.path], [true, '/api/metrics/query']);
    assert.equal((await asking(t, 'tempo', { query }, { series: [{ samples: [{}] }, {}] })).shows, false);
  });

  test('for numbers where the query makes some', () => {
    const some = ['{ } | rate() by (name)', '{}|quantile_over_time(duration, .9)', '{ } | compare({status=error})'];
    const none = ['{ }', '{ } | count() > 2', '{ name = "rate" } | select(span.rate)', '{ } | by(rate)'];
    assert.deepEqual([...some, ...none].map(isTraceMetric), [true, true, true, false, false, false, false]);
  });
});
