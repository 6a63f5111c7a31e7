import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { compareResources } from '../compare/resources.ts';
import { parseContract } from '../contract/contract.ts';
import { faults, outcomes, span } from './observations.ts';

const contract = parseContract(`
services:
  dice:
    resource: { service.version: 1.0.0, process.*: any text }
    spans: [{ name: GET /roll, kind: server }]
`);

const resource = { 'service.version': '1.0.0', 'process.pid': 7 };

function faultsOf(...resources: Record<string, string | number>[]): string[] {
  const spans = resources.map((one) => span({ resource: one }));
  return faults(compareResources(contract, spans, 'receiver'));
}

suite('resources compared with their contract', () => {
  test('what is declared passes, each by its name or by its prefix', () => {
    assert.deepEqual(faultsOf(resource), []);
  });

  test('a missing attribute, a new one and a wrong value are named', () => {
    assert.deepEqual(faultsOf({ 'process.pid': 7, 'host.name': 'a' }), [
      'dice resource: lacks the resource attribute service.version',
      'dice resource: has the undeclared resource attribute host.name ("a")',
    ]);
    assert.deepEqual(faultsOf({ ...resource, 'service.version': '2' }), [
      'dice resource: resource attribute service.version was "2", but "1.0.0" is declared',
      'dice resource: resource attribute service.version never had the value "1.0.0"',
    ]);
  });

  test('a prefix that no attribute has is named', () => {
    assert.deepEqual(faultsOf({ 'service.version': '1.0.0' }), [
      'dice resource: resource attribute process.* was never seen',
    ]);
  });

  test('where no resource can be read, it is not checked', () => {
    assert.deepEqual(outcomes(compareResources(contract, [span()], 'Tempo')), { 'dice resource': 'not checked' });
  });
});
