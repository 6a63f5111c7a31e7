import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inFlightAt, percentile, sentBetween, tally, unanswered, type Shot } from '../load/shot.ts';
import { diceRoller, wrongAnswers } from '../load/target.ts';

const shot = (about: Partial<Shot>): Shot => ({ path: '/roll?die=fair', traceId: 'a'.repeat(32), ...about });

test('in flight is what was sent well before and is answered later, or never', () => {
  const answered = shot({ sentAt: 500, answeredAt: 1001 });
  const never = shot({ sentAt: 900, fault: 'ECONNRESET' });
  assert.deepEqual(inFlightAt([answered, never], 1000), [answered, never]);
});

test('not in flight is what was answered, was sent just before or later, or never left', () => {
  const shots = [
    shot({ sentAt: 500, answeredAt: 1000 }),
    shot({ sentAt: 901, answeredAt: 1200 }),
    shot({ sentAt: 1100 }),
    shot({ fault: 'ECONNREFUSED' }),
  ];
  assert.deepEqual(inFlightAt(shots, 1000), []);
});

test('requests are told apart by when they were sent, and by whether they were answered', () => {
  const shots = [shot({ sentAt: 1, answeredAt: 2 }), shot({ sentAt: 5 }), shot({})];
  assert.deepEqual(sentBetween(shots, 1, 5), shots.slice(0, 1));
  assert.deepEqual(unanswered(shots), shots.slice(1));
});

test('a percentile passes over what was not answered', () => {
  const shots = [...[30, 10, 20].map((time) => shot({ sentAt: 100, answeredAt: 100 + time })), shot({ sentAt: 1 })];
  assert.equal(percentile(shots, 0.5), 20);
  assert.equal(percentile(shots, 0.95), 30);
  assert.equal(percentile([], 0.5), NaN);
});

test('a tally counts statuses and faults', () => {
  const shots = [shot({ status: 200 }), shot({ fault: 'ECONNRESET' }), shot({ status: 200 }), shot({})];
  assert.equal(tally(shots), '200 ×2, ECONNRESET ×1, unanswered ×1');
});

test("the risky die's own failure is right, and no other", () => {
  const own = shot({ path: '/roll?die=risky', status: 500, body: '{"error":"The risky die failed"}' });
  const right = [own, shot({ status: 200 }), shot({ path: '/roll?die=loaded', status: 400 })];
  const wrong = [
    shot({ status: 500, body: own.body! }),
    shot({ path: '/roll?die=risky', status: 500, body: '{"error":"Internal error"}' }),
    shot({ path: '/roll?die=loaded', status: 200 }),
    shot({ fault: 'ECONNRESET' }),
  ];
  assert.deepEqual(wrongAnswers(diceRoller, [...right, ...wrong]), wrong);
});
