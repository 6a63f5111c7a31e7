import type { Chance } from './chance.ts';

/** What breaks programs that put a client's text into logs, labels, pages, paths, queries or objects. */
const nasty = [
  '"}\n{"level":"ERROR","message":"forged"}',
  'fair\r\nX-Forged: 1',
  'fair",result="forged',
  'fair\u0000risky',
  '{{7*7}}${7*7}${jndi:ldap://forged}',
  '<script>alert(1)</script>',
  "' OR 1=1; --",
  '../../../../etc/passwd',
  '__proto__',
  'constructor',
  'toString',
  '\u202Eriaf',
  '\uFEFFfair',
  'ｆａｉｒ',
  'FAIR',
  ' fair ',
  '🎲'.repeat(40),
  '%s%n%x',
  'NaN',
  '-1',
  '1e309',
  '[object Object]',
];

const brokenEscapes = ['%', '%%', '%zz', '%u0041', '%c0%af', '%ff%fe', '%ed%a0%80', '%00', '%0d%0a'];
const sizes = [300, 4_000, 12_000, 20_000, 70_000];

/** A value for a query, which need not be valid in one. */
export function queryValue(chance: Chance): Buffer {
  const make = chance.pick([
    () => Buffer.from(encodeURIComponent(chance.pick(nasty))),
    () => Buffer.from(chance.pick(brokenEscapes) + chance.pick(['', 'fair', '%'])),
    () => withoutBreaks(chance.bytes(1 + chance.below(60))),
    () => Buffer.alloc(chance.pick(sizes), chance.pick(['a', '%41', '%F0%9F%8E%B2', '%'])),
    () => Buffer.from(chance.pick(['', 'fair', 'risky', 'loaded', '0', 'null', 'true'])),
  ]);
  return make();
}

/** A value for a header: bytes that are not UTF-8, control characters, or far too much of it. */
export function headerValue(chance: Chance): Buffer {
  const make = chance.pick([
    () => withoutBreaks(chance.bytes(1 + chance.below(200))),
    () => Buffer.alloc(chance.pick(sizes), 'x'),
    () => withoutBreaks(Buffer.from(chance.pick(nasty))),
  ]);
  return make();
}

/** A line break would end the current line, and what follows would be something else. */
function withoutBreaks(bytes: Buffer): Buffer {
  return bytes.map((byte) => (byte === 10 || byte === 13 ? 63 : byte)) as Buffer;
}
