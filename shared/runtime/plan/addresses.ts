/** By service: the port inside its container, and the port that it has on this machine. */
export type PortTable = Record<string, Record<number, number>>;

/** Host names that a service is reached by, and the service's name: its own and its container's. */
export type HostNames = Record<string, string>;

const everyInterface = String.raw`0\.0\.0\.0|\[::\]|127\.0\.0\.1|localhost`;

function hostAndPort(names: HostNames): RegExp {
  // The longest first, so that "postgres-exporter" is not read as "postgres".
  const alternatives = Object.keys(names).sort((a, b) => b.length - a.length);
  const hosts = [...alternatives.map((name) => name.replaceAll('.', '\\.')), everyInterface].join('|');
  return new RegExp(String.raw`(?<![\w.-])(${hosts}):(\d{1,5})(?![\w.])`, 'g');
}

/**
 * The ports that a text of `service` refers to, by the service that has them. A literal `127.0.0.1` in the text is left
 * out: it may be any port of this machine.
 */
export function portReferences(text: string, service: string, names: HostNames): { service: string; port: number }[] {
  return [...text.matchAll(hostAndPort(names))]
    .filter(([, host]) => host! in names || host === '0.0.0.0' || host === '[::]')
    .map(([, host, port]) => ({ service: names[host!] ?? service, port: Number(port) }));
}

/**
 * Turns container addresses in a text of `service` into addresses of this machine: `tempo:4317` becomes `127.0.0.1`
 * and tempo's port, `0.0.0.0` becomes `127.0.0.1`, and the service's own ports move with it. Only whole host names
 * followed by a port count, so that a job or a label named after a service stays as it is.
 */
export function rewriteAddresses(text: string, service: string, names: HostNames, ports: PortTable): string {
  return text
    .replace(hostAndPort(names), (whole, host: string, port: string) => {
      const native = ports[names[host] ?? service]?.[Number(port)];
      return native === undefined && !(host in names) ? whole : `127.0.0.1:${native ?? port}`;
    })
    .replace(/(?<![\w.])0\.0\.0\.0(?![\w.]|\/\d)/g, '127.0.0.1')
    .replace(/\[::\](?=:\d)/g, '127.0.0.1');
}

/**
 * Rewrites a service's environment. Besides whole addresses it knows the pair `…HOST` and `…PORT`, where the two halves
 * of an address are separate (`HOST`/`PORT`, `PGHOST`/`PGPORT`).
 */
export function rewriteEnvironment(
  environment: Record<string, string>,
  service: string,
  names: HostNames,
  ports: PortTable,
): Record<string, string> {
  const rewritten = Object.entries(environment).map(([key, value]) => {
    const half = /^(.*)(HOST|PORT)$/.exec(key);
    if (!half) return [key, rewriteAddresses(value, service, names, ports)];
    const host = environment[`${half[1]}HOST`] ?? '';
    if (half[2] === 'HOST') return [key, host in names ? '127.0.0.1' : rewriteAddresses(value, service, names, ports)];
    return [key, String(ports[names[host] ?? service]?.[Number(value)] ?? value)];
  });
  return Object.fromEntries(rewritten);
}
