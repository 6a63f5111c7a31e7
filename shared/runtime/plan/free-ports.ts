import { connect, createServer } from 'node:net';
import { Problem } from '../problem.ts';
import { portOwner } from './port-owner.ts';

/** A port that is published on this machine. */
export interface WantedPort {
  service: string;
  port: number;
  variable?: string;
}

/** Whether nothing listens on a port of 127.0.0.1, be it bound to that address or to all. */
export async function isFree(port: number): Promise<boolean> {
  // macOS lets a server bind 127.0.0.1 while another has all addresses, so we also try to connect.
  return !(await answers(port)) && (await canListen(port));
}

function canListen(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer().once('error', () => resolve(false));
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  return promise;
}

/** Whether something accepts connections on a port of 127.0.0.1. */
export function answers(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, '127.0.0.1').once('error', () => resolve(false));
  socket.once('connect', () => {
    socket.destroy();
    resolve(true);
  });
  return promise;
}

/**
 * A port for what a container does not publish: ten thousand above its own, or the next one that is free. Such ports
 * lie below those that systems give to outgoing connections.
 */
export async function alternativePort(container: number, used: Set<number>): Promise<number> {
  let port = container < 22_000 ? container + 10_000 : 12_000;
  while (used.has(port) || !(await isFree(port))) port++;
  used.add(port);
  return port;
}

/**
 * Checks the ports that a stage publishes against those in use on this machine.
 * @throws Problem naming every port that is taken, who has it, and the variable that moves it
 */
export async function refuseTakenPorts(wanted: WantedPort[]): Promise<void> {
  const faults: string[] = [];
  for (const { service, port, variable } of wanted) {
    const twin = wanted.find((other) => other.port === port && other.service !== service);
    if (twin) faults.push(`Port ${port} is wanted by ${service} and by ${twin.service}.`);
    else if (!(await isFree(port))) faults.push(takenPort({ service, port, ...(variable && { variable }) }));
  }
  if (faults.length > 0) throw new Problem(faults.join('\n'));
}

function takenPort({ service, port, variable }: WantedPort): string {
  const remedy = variable ? `Stop it, or move ${service}: ${variable}=${port + 10_000}` : 'Stop it first';
  return `Port ${port}, for ${service}, is taken by ${portOwner(port)}. ${remedy}.`;
}
