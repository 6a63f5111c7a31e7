import { createServer } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CarefulControl } from '../../drill/control/control.ts';
import { Problem } from '../../runtime/problem.ts';
import type { Contract } from '../contract/contract.ts';
import type { OwnService, RunningStage } from '../stage/running-stage.ts';
import type { Memory } from './memory.ts';

/** What a cause works with. */
export interface Scene {
  stage: RunningStage;
  contract: Contract;
  control: CarefulControl;
  memory: Memory;
}

/** Something that ordinary traffic does not bring about, and how it is brought about. */
export interface Cause {
  /** What is being done: `die-service is down`. */
  title: string;
  /** Services of compose.yaml that a stage must have for it. */
  needs: string[];
  run: (scene: Scene) => Promise<void>;
}

const patience = 20_000;
/** Each time, a whole log is read. */
const pause = 200;

/** @throws Problem for a service that the stage does not have */
export function serviceOf({ stage }: Scene, name: string): OwnService {
  const service = stage.services.find((one) => one.name === name);
  if (!service) throw new Problem(`${stage.name} has no service ${name}.`);
  return service;
}

/** Asks until it is so. @param what for the Problem that says that it never was */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patience;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Problem(`Waited ${patience / 1000} s, but this did not happen: ${what}.`);
    await sleep(pause);
  }
}

/** Makes a request whose answer, if there is one, does not matter. */
export async function ask(url: string, init: RequestInit = {}): Promise<number | undefined> {
  const headers = { connection: 'close', ...init.headers };
  const response = await fetch(url, { ...init, headers, signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
  await response?.arrayBuffer().catch(() => undefined);
  return response?.status;
}

/** The lines that a service has printed, as far as they can be read. */
export async function linesOf({ memory }: Scene, service: string): Promise<string[]> {
  const reader = memory.readers.logs.find((one) => one.service === service)?.reader;
  return reader && !('missing' in reader) ? reader.read().catch(() => []) : [];
}

/** Waits until a service has printed a message once more than before. */
export async function untilPrinted(
  scene: Scene,
  service: string,
  message: string,
  act: () => Promise<unknown>,
): Promise<void> {
  const count = async (): Promise<number> =>
    (await linesOf(scene, service)).filter((line) => line.includes(`"message":"${message}"`)).length;
  const before = await count();
  await until(`${service} prints "${message}"`, async () => {
    await act();
    return (await count()) > before;
  });
}

/** Stops a service, lets something happen, and starts it again; what it counted and sent is remembered. */
export async function whileDown(
  { control, memory }: Scene,
  service: string,
  act: () => Promise<unknown>,
): Promise<void> {
  await memory.look();
  await control.stop(service);
  try {
    await act();
  } finally {
    await control.start(service);
  }
}

/** Listens where a service would, so that it cannot. @param status what it answers; without one it hangs up */
export async function standIn(url: string, status: number | undefined, act: () => Promise<unknown>): Promise<void> {
  const { hostname, port } = new URL(url);
  const server = createServer((request, response) => {
    if (status === undefined) request.destroy();
    else request.resume().on('end', () => response.writeHead(status).end());
  });
  server.listen(Number(port), hostname);
  await once(server, 'listening');
  try {
    await act();
  } finally {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }
}
