import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import { repositoryRoot } from '../../runtime/places.ts';
import { parseContract, readContract } from '../contract/contract.ts';

suite('a contract', () => {
  for (const file of globSync('stage-*/telemetry.yaml', { cwd: repositoryRoot })) {
    const stage = dirname(file);
    test(`of ${stage} can be read`, () => {
      assert.ok(Object.keys(readContract(join(repositoryRoot, stage)).services).length > 0);
    });
  }

  test('that is not there is asked for', () => {
    assert.throws(() => readContract(import.meta.dirname), /test has no telemetry\.yaml/);
  });

  test('that is wrong is refused with the place', () => {
    assert.throws(
      () => parseContract('services: { a: { metrics: { m: { type: counters } } } }'),
      /services\.a\.metrics\.m/,
    );
    const wait = (rest: string) => `services: { a: { metrics: { ${rest} } } }`;
    assert.throws(() => parseContract(wait('wait_seconds: { type: gauge }')), /needs "unit: seconds"/);
    assert.throws(() => parseContract(wait('wait: { type: gauge, unit: hours }')), /not named after its unit hours/);
    assert.throws(() => parseContract('services: { a: { log: [] } }'), /Unrecognized key: "log"/);
    assert.throws(() => parseContract('services: {}\nrequest: []'), /Unrecognized key: "request"/);
    assert.throws(() => parseContract('services: {}\nrequests: [roll it]'), /write it as: GET dice-roller \/roll/);
    assert.throws(() => parseContract(`services: {}\nrequests: ['POST a /b c']`), /followed by a JSON object/);
    assert.throws(() => parseContract(`services: {}\nrequests: ['POST a /b {"c"}']`), /followed by a JSON object/);
    assert.throws(() => parseContract('services: [a'), /telemetry\.yaml is not valid YAML/);
  });

  test('may hold under x- what other parts refer to', () => {
    const { services } = parseContract(
      'x-shared: &shared { a: 1 }\nservices: { s: { spans: [{ name: n, kind: server, parent: none, attributes: { <<: *shared, b: 2 } }] } }',
    );
    assert.deepEqual(services.s?.spans[0]?.attributes, { a: 1, b: 2 });
  });
});
