import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Span } from '../../runtime/receiver/model.ts';
import { judge, type Judgement } from '../judge.ts';
import { judgementText } from '../report.ts';
import { nothing } from '../kinds/nothing.ts';
import { began, incidentNamed, sealed, span } from './fixture.ts';

const lock = incidentNamed('table locked by a report');
const symptom = [span({ attributes: { 'db.system.name': 'postgresql', 'error.type': '57014' } })];
const trace = 'a'.repeat(32);
const right = { since: began, service: 'postgres', cause: 'lock', trace };

const reading = (spans: Span[]) => async () => spans;
const outcomes = ({ fields }: Judgement) => Object.values(fields).map(({ outcome }) => outcome);

test('a right answer gets all points and no advice', async () => {
  const judgement = await judge(sealed(lock), right, reading(symptom));
  assert.equal(judgement.points, 4);
  assert.ok(Object.values(judgement.fields).every(({ look }) => look === undefined));
  assert.match(judgementText('stage-5', judgement), /4 of 4 points[^]*REPAIR=1/);
});

test('each field is judged separately, and what is wrong says where to look next and never what it is', async () => {
  const judgement = await judge(sealed(lock), { ...right, cause: 'connections' }, reading(symptom));
  assert.deepEqual(outcomes(judgement), ['right', 'right', 'wrong', 'right']);
  const text = judgementText('stage-5', judgement);
  assert.match(text, /CAUSE +not right[^]*3 of 4 points[^]*CAUSE: Read the error code/);
  assert.doesNotMatch(text, /\block\b/);
});

test('what is not given costs its point and gets no advice', async () => {
  const judgement = await judge(sealed(lock), { service: 'postgres' }, reading(symptom));
  assert.deepEqual(outcomes(judgement), ['not-given', 'right', 'not-given', 'not-given']);
  assert.equal(judgement.points, 1);
});

test('a network is between two services, and either of them is a right answer', async () => {
  const slow = incidentNamed('slow from frontend to dice-roller');
  for (const service of ['frontend', 'dice-roller'])
    assert.equal((await judge(sealed(slow), { service }, reading([]))).points, 1);
});

test('a trace that does not exist, is older, or does not show it is wrong for its own reason', async () => {
  const reasonOf = async (spans: Span[]) => (await judge(sealed(lock), { trace }, reading(spans))).fields.trace.reason;
  assert.equal(await reasonOf([]), 'unknown-trace');
  assert.equal(await reasonOf([span({ startMs: began - 5000 })]), 'before');
  assert.equal(await reasonOf([span({})]), 'no-symptom');
});

test('where traces cannot be read, the trace is not checked, and the answer says why', async () => {
  const judgement = await judge(sealed(lock), right, async () => ({ missing: 'tempo is not running' }));
  assert.deepEqual(outcomes(judgement), ['right', 'right', 'right', 'not-checked']);
  assert.match(judgementText('stage-5', judgement), /TRACE was not checked: tempo is not running/);
});

test('that nothing is wrong is right without a time and a trace', async () => {
  const none = { service: 'none', cause: 'none' };
  assert.equal((await judge(sealed(nothing), none, reading([]))).points, 4);
  assert.equal((await judge(sealed(nothing), { ...none, since: 'none', trace: 'none' }, reading([]))).points, 4);
  assert.equal((await judge(sealed(lock), { ...none, since: 'none', trace: 'none' }, reading([]))).points, 0);
});

test('a wrong part of an answer does not reveal from the rest that nothing is wrong', async () => {
  const judgement = await judge(sealed(nothing), { service: 'none', cause: 'lock' }, reading([]));
  assert.deepEqual(outcomes(judgement), ['not-given', 'right', 'wrong', 'not-given']);
});
