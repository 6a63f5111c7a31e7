import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roll } from '../src/die.ts';

const risky = { type: 'risky', faces: [2, 3, 4, 5, 6, 7], errorRate: 0.1 };

for (const [outcome, chance] of Object.entries({ rolled: 0.5, failed: 0.05 })) {
  test(`a die that ${outcome} is answered after a random share of one second`, async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    t.mock.method(Math, 'random', () => chance);
    let seen = 'nothing';

    const result = roll(risky).then(
      () => (seen = 'rolled'),
      () => (seen = 'failed'),
    );

    t.mock.timers.tick(chance * 1000 - 1);
    await Promise.resolve();
    assert.equal(seen, 'nothing');

    t.mock.timers.tick(1);
    await result;
    assert.equal(seen, outcome);
  });
}
