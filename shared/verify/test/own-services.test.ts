import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readComposeFile } from '../../runtime/compose/compose-file.ts';
import { ownJobs, ownServices } from '../stage/own-services.ts';

const compose = `
services:
  web:
    build: ./web
    depends_on:
      seed: { condition: service_completed_successfully }
      quiet: { condition: service_completed_successfully }
      ready: { condition: service_completed_successfully }
      die: { condition: service_healthy }
  die: { build: ./die, logging: { driver: fluentd } }
  seed: { build: ./seed, logging: { driver: fluentd } }
  quiet: { build: ./quiet }
  ready: { image: curl, logging: { driver: fluentd } }
  prometheus: { image: prom/prometheus }
  traffic: { build: ./traffic, profiles: [traffic], logging: { driver: fluentd } }
`;

test('what a stage builds is a service, unless it is traffic, or a job that others wait for', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'own-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'compose.yaml'), compose);
  const file = readComposeFile(folder, {});
  assert.deepEqual(ownServices(file), ['web', 'die']);
  // Nobody collects the lines of the quiet one.
  assert.deepEqual(ownJobs(file), ['seed']);
});
