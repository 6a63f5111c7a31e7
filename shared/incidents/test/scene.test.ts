import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callersLast } from '../scene/callers-last.ts';
import { linksOf } from '../scene/links.ts';
import { fileOf } from './fixture.ts';

const ports = {
  'dice-roller': { 8000: 18000 },
  frontend: { 8080: 18080 },
  'die-service': { 8001: 18001 },
  postgres: { 5432: 15432 },
  'otel-collector': { 4318: 14318 },
};
const own = ['dice-roller', 'frontend', 'die-service'];

test('a link is a variable with the address of another service', () => {
  const links = linksOf(fileOf('stage-5'), own, ports);
  const ways = new Set(links.map(({ from, to }) => `${from} → ${to}`));
  assert.deepEqual([...ways].sort(), [
    'dice-roller → die-service',
    'dice-roller → otel-collector',
    'die-service → otel-collector',
    'die-service → postgres',
    'frontend → dice-roller',
    'frontend → die-service',
    'frontend → otel-collector',
  ]);
  const database = links.find(({ to }) => to === 'postgres');
  assert.deepEqual(database, {
    ...{ from: 'die-service', to: 'postgres', variable: 'DATABASE_URL', port: 15432 },
    value: 'postgres://dice:dice@127.0.0.1:15432/dicedb',
  });
});

test('a service starts after those that it calls', () => {
  const links = linksOf(fileOf('stage-3'), own, ports);
  assert.deepEqual(callersLast(own, links), [['die-service'], ['dice-roller'], ['frontend']]);
});

test('services that call each other start together', () => {
  const circle = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'a' },
  ];
  assert.deepEqual(callersLast(['a', 'b', 'c'], circle), [['c'], ['a', 'b']]);
});
