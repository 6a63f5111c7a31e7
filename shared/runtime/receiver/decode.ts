import { join } from 'node:path';
import createHttpError from 'http-errors';
import protobuf from 'protobufjs';
import { messageOf } from '../problem.ts';

export type Signal = 'traces' | 'logs' | 'metrics';
export type ContentType = 'application/x-protobuf' | 'application/json';

const schema = protobuf.loadSync(join(import.meta.dirname, 'otlp.proto'));
const requests: Record<Signal, protobuf.Type> = {
  traces: schema.lookupType('TracesRequest'),
  logs: schema.lookupType('LogsRequest'),
  metrics: schema.lookupType('MetricsRequest'),
};
const refusal = schema.lookupType('Refusal');

/** A request in the protocol's JSON names: ids and other bytes in hex, 64-bit numbers as text. */
export type Request = Record<string, any>;

/**
 * Decodes the body of an OTLP/HTTP request.
 * Rules: https://opentelemetry.io/docs/specs/otlp/#otlphttp-request
 * @throws HttpError 400 saying what is wrong with it
 */
export function decodeRequest(signal: Signal, type: ContentType, body: Buffer): Request {
  try {
    const message = type === 'application/json' ? fromJson(requests[signal], body) : requests[signal].decode(body);
    return bytesToHex(requests[signal].toObject(message, { longs: String, arrays: true })) as Request;
  } catch (error) {
    throw createHttpError(400, `This is not a ${signal} request in ${type}: ${messageOf(error)}`);
  }
}

/** The body of an answer that accepts everything: an empty message. */
export function acceptance(type: ContentType): string | Buffer {
  return type === 'application/json' ? '{}' : Buffer.alloc(0);
}

/** The body of an answer that refuses, in the form that the request had. */
export function refusalBody(type: ContentType, code: number, message: string): string | Buffer {
  if (type === 'application/json') return JSON.stringify({ code, message });
  return Buffer.from(refusal.encode({ code, message }).finish());
}

function fromJson(type: protobuf.Type, body: Buffer): protobuf.Message {
  const request: unknown = JSON.parse(body.toString('utf8'), (key, value) =>
    /^(traceId|spanId|parentSpanId)$/.test(key) ? fromHex(key, value) : value,
  );
  if (request === null || typeof request !== 'object' || Array.isArray(request))
    throw new Error('an object was expected');
  return type.fromObject(request);
}

/** In JSON, ids are hexadecimal, unlike all other bytes, which are base64. */
function fromHex(key: string, value: unknown): Buffer {
  if (typeof value !== 'string' || !/^([0-9a-f]{2})*$/i.test(value)) throw new Error(`${key} must be hexadecimal`);
  return Buffer.from(value, 'hex');
}

function bytesToHex(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(bytesToHex);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, bytesToHex(inner)]));
}
