import { openChance, type Chance } from './chance.ts';
import { body, method, otherHeaders, path, query, traceHeaders } from './parts.ts';

/**
 * Requests that no client of ours would make, as the bytes that go over the connection: fuzzed methods, paths,
 * parameters, headers, trace context and bodies. Each has its own seed, so that it stays the same whatever the others
 * are.
 */
export function hostileRequest(seed: string, index: number): Buffer {
  const chance = openChance(`${seed}/${index}`);
  const first = [Buffer.from(`${method(chance)} `), path(chance), query(chance), Buffer.from(version(chance))];
  const { lines, bytes } = chance.below(8) === 0 ? body(chance) : { lines: [], bytes: Buffer.alloc(0) };
  const head = [
    Buffer.concat(first),
    'Host: dice-roller',
    'Connection: close',
    ...(chance.below(2) === 0 ? traceHeaders(chance) : []),
    ...(chance.below(3) === 0 ? otherHeaders(chance) : []),
    ...lines,
    '',
    '',
  ];
  return Buffer.concat([joined(head), bytes]);
}

function version(chance: Chance): string {
  return chance.below(40) > 0 ? ' HTTP/1.1' : chance.pick([' HTTP/1.0', ' HTTP/9.9', ' HTTP/2.0', ' XTTP/1.1', '']);
}

/** Texts go out as latin1, as HTTP has it, so `\u00FF` is a byte that is not UTF-8. */
function joined(lines: (string | Buffer)[]): Buffer {
  const texts = lines.map((line) => (typeof line === 'string' ? line : line.toString('latin1')));
  return Buffer.from(texts.join('\r\n'), 'latin1');
}
