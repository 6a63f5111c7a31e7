import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ComposeService, Mount } from '../compose/service.ts';
import { stageRunDirectory, volumeDirectory } from '../places.ts';
import { Problem } from '../problem.ts';

/** Where a path of the container is on this machine. */
export interface Place {
  target: string;
  path: string;
  /** The source that is copied (and rewritten) to `path`; if undefined, the path itself is used. */
  copyOf?: string;
}

/**
 * Gives every mount of a service a place: read-only sources a copy below the service's own root, named volumes a folder
 * that outlives `down`, and folders that the service may write to on the host are used directly.
 * @throws Problem when a source does not exist, which Docker would make an empty folder
 */
export function placeMounts(service: ComposeService, stage: string, directory: string): Place[] {
  const root = join(stageRunDirectory(stage), 'root', service.name);
  return service.mounts.map((mount: Mount) => {
    const { type, source, target } = mount;
    if (type === 'volume') return { target, path: volumeDirectory(stage, source) };
    if (type === 'tmpfs') return { target, path: join(root, target) };
    const copyOf = resolve(directory, source);
    if (!statSync(copyOf, { throwIfNoEntry: false })) {
      throw new Problem(`compose.yaml, ${service.name}: ${source}, mounted at ${target}, does not exist.`);
    }
    return mount.readOnly ? { target, path: join(root, target), copyOf } : { target, path: copyOf };
  });
}

/** Rewrites the paths of a container in a text, the longest first, since mounts lie within mounts. */
export function rewritePaths(text: string, places: Place[]): string {
  const byTarget = new Map(places.map(({ target, path }) => [target, path]));
  const targets = [...byTarget.keys()].sort((a, b) => b.length - a.length);
  if (targets.length === 0) return text;
  const alternatives = targets.map((target) => target.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  return text.replace(new RegExp(`(?<![\\w./-])(${alternatives})(?![\\w.-])`, 'g'), (target) => byTarget.get(target)!);
}

/** Every file below a path that is text, to look for addresses in it. */
export function* textFiles(path: string): Generator<{ file: string; text: string }> {
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path)) yield* textFiles(join(path, name));
    return;
  }
  const content = readFileSync(path);
  if (!content.includes(0)) yield { file: path, text: content.toString('utf8') };
}

/** Makes the folders of a service's mounts and the rewritten copies of what is mounted. */
export function writePlaces(places: Place[], rewrite: (text: string, file: string) => string): void {
  for (const { path, copyOf } of places) {
    if (!copyOf) {
      mkdirSync(path, { recursive: true });
      continue;
    }
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { recursive: true, force: true });
    cpSync(copyOf, path, { recursive: true });
    for (const { file, text } of textFiles(path)) writeFileSync(file, rewrite(text, file));
  }
}
