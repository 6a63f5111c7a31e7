import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readFamilies } from '../families.ts';

suite('what a service answers at /metrics', () => {
  test('names a counter as queries do, in OpenMetrics and in the text format', () => {
    const counter = 'rolls_total{die="fair"} 3';
    const open = readFamilies(`# TYPE rolls counter\n${counter}\nrolls_created{die="fair"} 1.7e9\n# EOF\n`);
    const text = readFamilies(`# TYPE rolls_total counter\n${counter}\n`);
    assert.deepEqual(open, text);
    assert.deepEqual(
      open.map(({ name, type, samples }) => [name, type, samples.length]),
      [['rolls_total', 'counter', 1]],
    );
  });

  test('keeps help, unit and exemplars', () => {
    const [family] = readFamilies(`# HELP wait_seconds How long \\\\ it took
# TYPE wait_seconds histogram
# UNIT wait_seconds seconds
wait_seconds_bucket{le="1.0"} 2 1700000000 # {trace_id="0af7",note="a \\"}\\" b"} 0.5 1.5e9
wait_seconds_count 2`);
    assert.deepEqual([family!.help, family!.unit], ['How long \\ it took', 'seconds']);
    assert.deepEqual(family!.samples[0], {
      ...{ name: 'wait_seconds_bucket', labels: { le: '1.0' }, value: 2 },
      exemplar: { trace_id: '0af7', note: 'a "}" b' },
    });
    assert.equal(family!.samples[1]!.exemplar, undefined);
  });

  test('may have braces, quotes, line ends and hash signs in the value of a label', () => {
    const [family] = readFamilies('odd{text="a } \\"b\\" \\n, c=\\"d\\" # {e=\\"f\\"}"} 1');
    assert.deepEqual(family!.samples, [{ name: 'odd', labels: { text: 'a } "b" \n, c="d" # {e="f"}' }, value: 1 }]);
  });

  test('is refused with the line that is not a sample', () => {
    assert.throws(() => readFamilies('<html>'), /This line of \/metrics cannot be read: <html>/);
  });
});
