import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lostTraces } from '../plan/lost-traces.ts';
import type { PlannedService } from '../plan/plan.ts';

const receiver = { port: 4318, inPlaceOf: 'otel-collector' };
const service = (environment: Record<string, string>): PlannedService =>
  ({ name: 'web', environment }) as Partial<PlannedService> as PlannedService;

test('a service that sends over gRPC to the built-in receiver is named, with the variable and the remedy', () => {
  const services = [service({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })];
  const [note, ...more] = lostTraces({ receiver, services });
  assert.match(note!, /^web: its traces are lost.*\(OTEL_EXPORTER_OTLP_PROTOCOL=grpc\)\. Set it to http\/protobuf/);
  assert.deepEqual(more, []);
  assert.deepEqual(lostTraces({ services }), [], 'a real collector speaks both');
});

test('the variable for traces alone decides', () => {
  const http = { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf' };
  assert.deepEqual(lostTraces({ receiver, services: [service(http), service({})] }), []);
});
