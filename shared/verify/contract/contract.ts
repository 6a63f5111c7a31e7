import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import * as z from 'zod';
import { Problem } from '../../runtime/problem.ts';
import { methods } from './values.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const rule = z.union([scalar, z.array(scalar).min(1)]);
const rules = z.record(z.string(), rule).default({});
const texts = z.union([z.string(), z.array(z.string()).min(1)]);
/** When it occurs, if ordinary traffic does not bring it about. */
const optional = z.string().min(1).optional();

const metric = z.strictObject({
  type: z.enum(['counter', 'gauge', 'histogram', 'summary']),
  /** Of what its name says, as OpenMetrics wants it: `seconds` of `wait_seconds`. */
  unit: z.string().optional(),
  labels: z.record(z.string(), texts).default({}),
  /** Further values of a label, which need not be seen: those of an outage, whose series start at zero. */
  some: z.record(z.string(), texts).default({}),
  /** Upper bounds, without the infinite one. */
  buckets: z.array(z.number()).optional(),
  optional,
});

const log = z.strictObject({
  message: z.string(),
  level: z.enum(['INFO', 'WARNING', 'ERROR']),
  fields: rules,
  trace: z.enum(['present', 'none']).default('present'),
  optional,
});

const status = z.enum(['unset', 'ok', 'error']);

const span = z.strictObject({
  /** `{method} /roll` is the name for any method that HTTP knows, and for one that it does not, which is named HTTP. */
  name: z.string(),
  /** What tells it apart from others of its name. */
  when: z.string().optional(),
  kind: z.enum(['internal', 'server', 'client', 'producer', 'consumer']),
  /** The parent's service and name, `dice-roller GET /roll`, or `none`, which a server span may always have. */
  parent: texts.default('none').transform((parents) => [parents].flat()),
  /** One of these, where there are several. */
  status: z
    .union([status, z.array(status).min(1)])
    .default('unset')
    .transform((statuses) => [statuses].flat()),
  attributes: rules,
  some: rules,
  /** The names of the events that each of these spans has. */
  events: z.array(z.string()).default([]),
  /** Of those that some of them have. */
  some_events: z.array(z.string()).default([]),
  optional,
});

const requestForm = 'write it as: GET dice-roller /roll, followed by a JSON object if it sends a body';

const request = z
  .string()
  .transform((line) => {
    const [, method = '', service = '', path = '', body] = /^([A-Z]+) ([\w-]+) (\/\S*)(?: (\{.*\}))?$/.exec(line) ?? [];
    return { line, method, service, path, ...(body !== undefined && { body }) };
  })
  .refine(({ path, body }) => path !== '' && (body === undefined || isJson(body)), requestForm);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The base units that a name may end with: https://prometheus.io/docs/practices/naming/#base-units */
const units = ['seconds', 'bytes', 'ratio', 'meters', 'volts', 'amperes', 'joules', 'grams', 'celsius'];

const metrics = z.record(z.string(), metric).superRefine((value, context) => {
  for (const [name, { unit }] of Object.entries(value)) {
    const named = units.find((each) => name.replace(/_total$/, '').endsWith(`_${each}`));
    if (named === unit) continue;
    const message = named ? `needs "unit: ${named}", as its name says` : `is not named after its unit ${unit}`;
    context.addIssue({ code: 'custom', path: [name], message, input: unit });
  }
});

const service = z.strictObject({
  /** The attributes of its resource, without service.name, which is its key here. */
  resource: rules,
  metrics: metrics.default({}),
  logs: z.array(log).default([]),
  /** What the collector keeps apart from the logs: lines whose field `usage` is true. */
  usage: z.array(log).default([]),
  spans: z.array(span).default([]),
});

const contract = z
  .object({
    services: z.record(z.string(), service),
    requests: z.array(request).default([]),
    /** Made by a caller whose trace is not sampled: counted and logged, without a span or an exemplar. */
    unsampled: z.array(request).default([]),
    /** Made by a client that does not wait for the answer. */
    hung_up: z.array(request).default([]),
    silent: z.array(request).default([]),
    /** Attributes that the semantic conventions do not call stable, and why they are here all the same. */
    other_attributes: z.record(z.string(), z.string()).default({}),
    empty_panels: z.record(z.string(), z.string()).default({}),
  })
  // Like Compose: keys that start so hold what others refer to.
  .catchall(z.unknown())
  .superRefine((value, context) => {
    const known = ['services', 'requests', 'unsampled', 'hung_up', 'silent', 'other_attributes', 'empty_panels'];
    const keys = Object.keys(value).filter((key) => !known.includes(key) && !key.startsWith('x-'));
    if (keys.length > 0) context.addIssue({ code: 'unrecognized_keys', keys, input: value });
  });

/** What a stage may emit, and what is asked of it; its form is what telemetry.yaml may hold. */
export type Contract = z.infer<typeof contract>;
export type ServiceContract = z.infer<typeof service>;
/** What must be seen although it is optional: see demandAll(). */
export interface Demanded {
  demanded?: boolean;
}
export type DeclaredMetric = z.infer<typeof metric> & Demanded;
export type DeclaredLog = z.infer<typeof log> & Demanded;
export type DeclaredSpan = z.infer<typeof span> & Demanded;
export type DeclaredRequest = z.infer<typeof request>;

/** Whether a span may have this name by its rule. */
export function isNameOf({ name }: DeclaredSpan, seen: string): boolean {
  if (!name.startsWith('{method}')) return name === seen;
  const rest = name.slice('{method}'.length);
  return seen.endsWith(rest) && [...methods, 'HTTP'].includes(seen.slice(0, seen.length - rest.length));
}

/** The contract of a service that emits nothing. */
export const silence: ServiceContract = { resource: {}, metrics: {}, logs: [], usage: [], spans: [] };

/**
 * Reads a stage's telemetry.yaml.
 * @throws Problem naming the place in the file that is wrong, or when there is none
 */
export function readContract(directory: string): Contract {
  const file = join(directory, 'telemetry.yaml');
  if (!existsSync(file))
    throw new Problem(`${basename(directory)} has no telemetry.yaml, so there is nothing to check it against.`);
  return parseContract(readFileSync(file, 'utf8'));
}

/** The same for its text. */
export function parseContract(text: string): Contract {
  const known = contracts.get(text) ?? parseAnew(text);
  contracts.set(text, known);
  return known;
}

/** By their texts: make check asks for each contract four times. */
const contracts = new Map<string, Contract>();

function parseAnew(text: string): Contract {
  let tree: unknown;
  try {
    tree = parse(text, { merge: true });
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new Problem(`telemetry.yaml is not valid YAML: ${error.message}`);
  }
  return checkContract(tree);
}

/** The same for what such a text holds. */
export function checkContract(tree: unknown): Contract {
  const result = contract.safeParse(tree);
  if (!result.success) throw new Problem(`telemetry.yaml cannot be read:\n${z.prettifyError(result.error)}`);
  return result.data;
}
