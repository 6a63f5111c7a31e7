import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogue } from '../catalogue.ts';
import { beganAt, beganNear, incidentOf } from '../record.ts';
import { began, sealed } from './fixture.ts';

test('what is written down names neither the incident, nor its cause, nor its time', () => {
  for (const incident of catalogue) {
    const { stage, directory, keeper, asked, runtime, ...rest } = sealed(incident);
    const text = JSON.stringify(rest);
    for (const word of [...incident.name.split(' '), incident.cause]) {
      if (word.length > 3) assert.ok(!text.includes(word), `${word} in ${text}`);
    }
    assert.ok(!text.includes(String(began / 1000)));
  }
});

test('the same incident is written down differently each time', () => {
  const [incident] = catalogue;
  assert.notEqual(sealed(incident!).incident, sealed(incident!).incident);
});

test('it is enough to find the incident and its time again', () => {
  for (const incident of catalogue) assert.equal(incidentOf(sealed(incident)), incident);
  assert.equal(beganAt(sealed(catalogue[0]!)), began);
});

test('a moment is near up to a minute before and after', () => {
  const one = sealed(catalogue[0]!);
  for (const seconds of [-60, 0, 60]) assert.ok(beganNear(one, began + seconds * 1000), `${seconds}`);
  for (const seconds of [-61, 61]) assert.ok(!beganNear(one, began + seconds * 1000), `${seconds}`);
});
