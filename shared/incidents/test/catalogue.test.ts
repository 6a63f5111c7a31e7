import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { catalogue, choices, draw, incidentsOf } from '../catalogue.ts';
import { causes } from '../causes.ts';
import { choicesText } from '../report.ts';
import { fileOf, stages } from './fixture.ts';

for (const stage of stages) {
  const file = fileOf(stage);
  const { services, causes: offered } = choices(file);

  suite(stage, () => {
    test('offers at least ten incidents, and that nothing is wrong', () => {
      const incidents = incidentsOf(file);
      assert.ok(incidents.length > 10, `${incidents.length}`);
      assert.ok(incidents.some(({ cause }) => cause === 'none'));
    });

    test('lists every right answer', () => {
      for (const incident of incidentsOf(file)) {
        assert.ok(offered.includes(incident.cause), incident.cause);
        for (const service of incident.services) assert.ok(services.includes(service), service);
      }
      const text = choicesText(stage, { services, causes: offered });
      for (const name of [...services, ...offered]) assert.match(text, new RegExp(`^  ${name}\\b`, 'm'));
    });

    test('draws the same for the same seed, and different ones for others', () => {
      const incidents = incidentsOf(file);
      assert.deepEqual(draw(incidents, '7'), draw(incidents, '7'));
      const drawn = new Set(Array.from({ length: 400 }, (_, seed) => draw(incidents, String(seed)).incident));
      assert.equal(drawn.size, incidents.length, 'every incident comes up');
    });
  });
}

test('stages without a die-service offer none', () => {
  for (const stage of ['stage-1', 'stage-2']) assert.deepEqual(incidentsOf(fileOf(stage)), []);
});

test('a stage without a database offers nothing about one', () => {
  const { services, causes: offered } = choices(fileOf('stage-3'));
  assert.ok(!services.includes('postgres'));
  for (const cause of ['lock', 'connections', 'wrong-data'] as const) assert.ok(!offered.includes(cause), cause);
});

test('with Docker there are those that the engine allows', () => {
  const incidents = incidentsOf(fileOf('stage-5'), 'Docker');
  assert.ok(incidents.length > 5, `${incidents.length}`);
  assert.ok(incidents.every(({ nativeOnly }) => nativeOnly === undefined));
});

test('one draw in eight is that nothing is wrong', () => {
  const incidents = incidentsOf(fileOf('stage-5'));
  const draws = Array.from({ length: 4000 }, (_, seed) => draw(incidents, String(seed)));
  const share = draws.filter(({ incident }) => incident.cause === 'none').length / draws.length;
  assert.ok(share > 0.11 && share < 0.14, `${share}`);
});

test('every cause has an incident, and no two incidents have the same name', () => {
  assert.deepEqual(new Set(catalogue.map(({ cause }) => cause)), new Set(Object.keys(causes)));
  assert.equal(new Set(catalogue.map(({ name }) => name)).size, catalogue.length);
});

test('neither the complaint nor where to look next names the cause or the service', () => {
  for (const { cause, services, complaint, look } of catalogue) {
    const texts = [complaint, ...Object.values(look)].join('\n').toLowerCase();
    for (const name of [cause, ...services.filter((service) => service !== 'none')])
      assert.ok(!texts.split(/[^a-z-]+/).includes(name), `${name} in: ${texts}`);
  }
});
