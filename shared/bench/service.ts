import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../runtime/free-ports.ts';
import { Problem } from '../runtime/problem.ts';
import { cpuSeconds } from './proc.ts';
import type { Variant } from './variants.ts';

/** A service that is ready. */
export interface Service {
  pid: number;
  url: string;
  /** Milliseconds from its start to the first 200 of /healthz. */
  readyAfter: number;
  /** Seconds of CPU that it took to become ready, which other processes lengthen less than the time. */
  readyCpu: number | undefined;
  /** How many lines it has printed. */
  lines: () => number;
  /** @throws Problem unless it ends with exit code 0 */
  stop: () => Promise<void>;
}

let running: ChildProcess | undefined;
process.once('exit', () => running?.kill('SIGKILL'));

/**
 * Starts a service as its image does, and waits until it is ready.
 * @throws Problem when it ends before that
 */
export async function startService(variant: Variant, environment: Record<string, string>): Promise<Service> {
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const [program, ...words] = variant.command;
  const started = performance.now();
  const child = spawn(program === 'node' ? process.execPath : program!, words, {
    cwd: variant.folder,
    env: { PATH: process.env.PATH, ...variant.environment, ...environment, HOST: '127.0.0.1', PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running = child;
  const output = readOutput(child);
  const ended = once(child, 'close');
  while (!(await isReady(url))) {
    if (child.exitCode !== null) throw new Problem(`${variant.name} did not start: ${output.tail()}`);
    // No more often: asking takes the processor from the service, and the tables say hundredths of a second.
    await sleep(10);
  }
  const stop = async (): Promise<void> => {
    child.kill();
    const [code] = await ended;
    if (code !== 0) throw new Problem(`${variant.name} ended with exit code ${code}: ${output.tail()}`);
  };
  const [readyAfter, readyCpu] = [performance.now() - started, cpuSeconds(child.pid!)];
  return { pid: child.pid!, url, readyAfter, readyCpu, lines: output.lines, stop };
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/healthz`).catch(() => undefined);
  await response?.arrayBuffer();
  return response?.status === 200;
}

/**
 * Counts what a service prints, and keeps the end of it. It looks at bytes without decoding them, because it must keep
 * up.
 */
function readOutput(child: ChildProcess): { lines: () => number; tail: () => string } {
  let count = 0;
  let last: Buffer = Buffer.alloc(0);
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (chunk: Buffer) => {
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) count++;
      last = chunk;
    });
  }
  return { lines: () => count, tail: () => last.toString().slice(-2000) };
}
