import { Problem } from '../problem.ts';
import { variableNames } from './interpolate.ts';

/** A published port: `container` is what other services use, `host` what this machine uses. */
export interface PortMapping {
  host: number;
  container: number;
  /** The environment variable that moves the host port, where the file names one. */
  variable?: string;
}

/**
 * Reads one entry of `ports` in the form `[address:]host:container`.
 * @param raw the same entry before interpolation, for the variable's name
 * @throws Problem for another form or a number that is no port
 */
export function parsePort(entry: unknown, raw: unknown, service: string): PortMapping {
  const numbers = /^(?:[\d.]+:)?(\d+):(\d+)(?:\/tcp)?$/.exec(String(entry));
  const host = Number(numbers?.[1]);
  const container = Number(numbers?.[2]);
  if (!isPort(host) || !isPort(container)) {
    const variables = variableNames(String(raw));
    throw new Problem(
      `compose.yaml, ${service}: "${entry}" is not a port mapping; write 127.0.0.1:<host port>:<container port>` +
        (variables.length > 0 ? `, and check the variable ${variables.join(', ')}.` : '.'),
    );
  }
  const [variable] = variableNames(String(raw));
  return variable === undefined ? { host, container } : { host, container, variable };
}

function isPort(number: number): boolean {
  return Number.isInteger(number) && number > 0 && number < 65536;
}
