import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../runtime/problem.ts';

/** A container engine that is running. */
export interface Engine {
  program: 'docker' | 'podman';
  /** As images name it: `amd64`, `arm64`. */
  architecture: string;
}

const questions = [
  ['docker', ['version', '--format', '{{.Server.Arch}}']],
  ['podman', ['info', '--format', '{{.Host.Arch}}']],
] as const;

/** Docker where it is running, else Podman; `absent` where neither is installed. */
export function findEngine(): Engine | 'not running' | 'absent' {
  let installed = false;
  for (const [program, words] of questions) {
    const { status, stdout, error } = spawnSync(program, words, { encoding: 'utf8', timeout: 10_000 });
    if (status === 0 && stdout.trim()) return { program, architecture: stdout.trim() };
    installed ||= (error as NodeJS.ErrnoException | undefined)?.code !== 'ENOENT';
  }
  return installed ? 'not running' : 'absent';
}

/** The size of each image in bytes, unpacked; undefined for one that is not on this machine. */
export function imageSizes({ program }: Engine, images: string[]): Map<string, number | undefined> {
  const size = (image: string): number | undefined => {
    const words = ['image', 'inspect', '--format', '{{.Size}}', image];
    const { status, stdout } = spawnSync(program, words, { encoding: 'utf8' });
    return status === 0 ? Number(stdout) : undefined;
  };
  return new Map(images.map((image) => [image, size(image)]));
}

/** Writes all images as one stream, layers that they share once. */
export async function saveImages({ program }: Engine, images: string[], to: Writable[], signal: AbortSignal) {
  const words = program === 'podman' ? ['save', '--multi-image-archive', ...images] : ['save', ...images];
  const child = spawn(program, words, { signal, stdio: ['ignore', 'pipe', 'pipe'] });
  await ended(child, pipeline([child.stdout, ...to], { signal }), signal);
}

/** Loads what `saveImages` wrote; the engine unpacks it. */
export async function loadImages({ program }: Engine, from: Readable, signal: AbortSignal): Promise<void> {
  const child = spawn(program, ['load'], { signal, stdio: ['pipe', 'ignore', 'pipe'] });
  await ended(child, pipeline(from, child.stdin, { signal }), signal);
}

/** Builds an image. @param context the folder with its Dockerfile */
export async function buildImage({ program }: Engine, tag: string, context: string, signal: AbortSignal) {
  const words = ['build', '--quiet', '--tag', tag, context];
  const child = spawn(program, words, { signal, stdio: ['ignore', 'ignore', 'pipe'] });
  await ended(child, Promise.resolve(), signal);
}

/** @throws Problem with the program's own words where it fails */
async function ended(child: ChildProcessByStdio<any, any, Readable>, transfer: Promise<void>, signal: AbortSignal) {
  const said = text(child.stderr);
  const [end, transferred] = await Promise.allSettled([once(child, 'close'), transfer]);
  signal.throwIfAborted();
  if (end.status === 'rejected') throw end.reason;
  const words = child.spawnargs.slice(0, 2).join(' ');
  if (end.value[0] !== 0) throw new Problem(`${words} failed: ${(await said).trim()}`);
  if (transferred.status === 'rejected') throw transferred.reason;
}
