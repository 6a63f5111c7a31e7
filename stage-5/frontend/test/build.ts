import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const folder = `${import.meta.dirname}/..`;
const sources = ['app', 'lib', 'instrumentation.ts', 'instrumentation.node.ts', 'next.config.js', 'package.json'];

// Builds the front end, if it was changed since it was. Test files run side by side: one builds, and the others wait.
export async function build(): Promise<void> {
  const lock = `${folder}/.next-build`;
  while (!take(lock)) await sleep(200);

  try {
    if (isStale()) execFileSync('npm', ['run', 'build'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  } finally {
    rmdirSync(lock);
  }
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock);

    return true;
  } catch {
    // One that a test left behind when it was ended.
    if (changed(lock) < Date.now() - 180_000) rmdirSync(lock);

    return false;
  }
}

function isStale(): boolean {
  const built = statSync(`${folder}/.next/BUILD_ID`, { throwIfNoEntry: false })?.mtimeMs ?? 0;

  return sources.some((source) => changed(`${folder}/${source}`) > built);
}

// When a file, or any file in a folder, was last changed.
function changed(path: string): number {
  const entry = statSync(path, { throwIfNoEntry: false });
  const inside = entry?.isDirectory() ? readdirSync(path).map((name) => changed(`${path}/${name}`)) : [];

  return Math.max(entry?.mtimeMs ?? Date.now(), ...inside);
}
