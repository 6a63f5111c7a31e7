import type { Chance } from './chance.ts';
import { headerValue, queryValue } from './values.ts';

/** One line of a request's head, without its end. */
type Line = string | Buffer;

const methods = [
  ...['POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT', 'PROPFIND', 'MKCOL', 'QUERY'],
  ...['get', 'GETGET', 'FOO', 'G\u00CBT', ''],
];

const paths = [
  ...['/', '//', '//roll', '/roll/', '/ROLL', '/roll/../roll', '/./roll', '/roll%2f', '/roll%00', '/roll;die=fair'],
  ...[
    '/%72oll',
    '/roll/extra',
    '/metrics/..',
    '/metrics',
    '/healthz',
    '/healthz/',
    '/readyz',
    '/favicon.ico',
    '/.env',
    '/admin',
    '*',
    'roll',
  ],
  ...['http://forged.example/roll', '/%', '/%ff', '/%c0%ae%c0%ae/', '/__proto__', '/\\roll', '/roll#fair', ''],
];

const names = ['die', 'die', 'die', 'die[]', 'die[a]', 'DIE', '__proto__', 'die%00', 'times', 'identifier', 'd%69e'];

/** Mostly GET, so that most requests come past the first line. */
export function method(chance: Chance): string {
  return chance.below(10) < 7 ? 'GET' : chance.pick(methods);
}

export function path(chance: Chance): Buffer {
  const odd = chance.below(4);
  if (odd === 0) return Buffer.concat([Buffer.from('/'), queryValue(chance)]);
  if (odd === 1) return Buffer.from(chance.pick(paths));
  return Buffer.from('/roll');
}

export function query(chance: Chance): Buffer {
  const count = chance.pick([0, 1, 1, 1, 1, 2, 3, 400]);
  // Many long values would only be refused because of their total length.
  const value = (): string => (count > 3 ? String(chance.below(1000)) : queryValue(chance).toString('latin1'));
  const pairs = Array.from({ length: count }, () => `&${chance.pick(names)}=${value()}`);
  return Buffer.from(count === 0 ? '' : `?${pairs.join('')}`, 'latin1');
}

/** Trace context as a broken, foreign or malicious caller sends it. */
export function traceHeaders(chance: Chance): Line[] {
  const [trace, span] = [chance.hex(32), chance.hex(16)];
  const parents = [
    ...[`00-${trace}-${span}-01`, `00-${trace}-${span}-00`, `00-${trace}-${span}-ff`, `ff-${trace}-${span}-01`],
    ...[`00-${'0'.repeat(32)}-${span}-01`, `00-${trace}-${'0'.repeat(16)}-01`, `00-${trace.toUpperCase()}-${span}-01`],
    ...[`00-${trace}-${span}`, `00-${trace}-${span}-01-more`, `00-${'z'.repeat(32)}-${span}-01`, '00', ''],
  ];
  const entries = (count: number, text: string): string =>
    Array.from({ length: count }, (_, i) => `k${i}=${text}`).join();
  const lines = [
    () => `traceparent: ${chance.pick(parents)}`,
    () => `traceparent: ${chance.pick(parents)}\r\ntraceparent: ${chance.pick(parents)}`,
    () => `tracestate: ${entries(chance.pick([1, 33, 500]), chance.hex(10))}`,
    () => `baggage: ${entries(chance.pick([1, 64, 181, 600]), chance.pick(['v', '%', '%ff', ';;=;', '"']))}`,
    () =>
      Buffer.concat([Buffer.from(`${chance.pick(['traceparent', 'tracestate', 'baggage'])}: `), headerValue(chance)]),
  ];
  return [chance.pick(lines)(), chance.pick(lines)()];
}

/** Other headers: on framing, on the connection, of any bytes, or none. */
export function otherHeaders(chance: Chance): Line[] {
  const name = chance.pick(['User-Agent', 'Accept', 'X-Forwarded-For', 'Cookie', 'Authorization', 'X-Any', 'Referer']);
  const make = chance.pick([
    (): Line[] => [Buffer.concat([Buffer.from(`${name}: `), headerValue(chance)])],
    (): Line[] => Array.from({ length: chance.pick([50, 1500]) }, (_, index) => `X-${index}: ${chance.hex(4)}`),
    (): Line[] => [
      chance.pick(['Expect: 100-continue', 'Expect: forged', 'Upgrade: websocket', 'Host: \u00FF', 'TE: x']),
    ],
    (): Line[] => [
      chance.pick(['No colon here', ': no name', 'Spa ce: 1', 'X-Folded: a\r\n b', 'X-\u0001: 1', 'X: \u0000']),
    ],
    (): Line[] => [],
  ]);
  return make();
}

/** A body, with a length that need not be true. */
export function body(chance: Chance): { lines: Line[]; bytes: Buffer } {
  const bytes = chance.pick([
    () => chance.bytes(40),
    () => Buffer.alloc(200_000, '{"die":'),
    () => Buffer.from('{}'),
  ])();
  const lines = chance.pick([
    [`Content-Length: ${bytes.length}`],
    [`Content-Length: ${bytes.length}`, 'Content-Type: application/json'],
    [`Content-Length: ${bytes.length + 50}`],
    ['Content-Length: -1'],
    ['Content-Length: 1', 'Content-Length: 2'],
    ['Transfer-Encoding: chunked'],
    ['Transfer-Encoding: chunked', `Content-Length: ${bytes.length}`],
  ]);
  return { lines, bytes };
}
