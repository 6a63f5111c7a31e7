import type { TestEvent } from 'node:test/reporters';

/**
 * A reporter for node:test that says nothing until the end: what was not checked and why, then one line that counts.
 * Files and suites do not count, only tests.
 */
export default async function* closingLine(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const notChecked: string[] = [];

  for await (const event of events) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    const { name, skip, details } = event.data;
    if (details.type === 'suite') continue;

    if (skip !== undefined) {
      counts.skipped++;
      notChecked.push(`not checked: ${name}${typeof skip === 'string' ? ` (${skip})` : ''}`);
    } else {
      counts[event.type === 'test:pass' ? 'passed' : 'failed']++;
    }
  }

  yield [...notChecked, `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`, ''].join('\n');
}
