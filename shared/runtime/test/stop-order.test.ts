import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readYaml } from '../read-yaml.ts';

const root = join(import.meta.dirname, '../../..');

interface Service {
  depends_on?: string[] | Record<string, unknown>;
  logging?: { driver: string };
}

/** The services that Compose stops after this one, since it depends on them, directly or not. */
function stopsBefore(services: Record<string, Service>, name: string): string[] {
  const { depends_on = [] } = services[name]!;
  const direct = Array.isArray(depends_on) ? depends_on : Object.keys(depends_on);
  return direct.flatMap((one) => [one, ...stopsBefore(services, one)]);
}

// Otherwise `docker compose down` loses the last spans and log lines.
for (const stage of readdirSync(root).filter((name) => /^stage-\d+$/.test(name))) {
  test(`${stage}: whatever logs to the collector stops before it, and it stops before Loki and Tempo`, () => {
    const { services } = readYaml(join(root, stage, 'compose.yaml')) as { services: Record<string, Service> };
    const loggers = Object.keys(services).filter((name) => services[name]!.logging?.driver === 'fluentd');
    const late = loggers.filter((name) => !stopsBefore(services, name).includes('otel-collector'));

    assert.ok(loggers.includes('dice-roller'));
    assert.deepEqual(late, []);
    assert.deepEqual(
      ['loki', 'tempo'].filter((name) => !stopsBefore(services, 'otel-collector').includes(name)),
      [],
    );
  });
}
