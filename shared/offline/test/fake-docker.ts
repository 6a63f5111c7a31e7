import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../../back-ends/test/release-server.ts';

export interface FakeDocker {
  /** What docker was called with, a line each. */
  calls: () => string[];
  /** What it was given to load, unpacked. */
  loaded: () => string | undefined;
}

/** How a fake engine differs from one that has every image, of 1 MB each. */
interface Manner {
  architecture?: string;
  lacks?: string;
  size?: number;
  /** What `save` does in place of printing its images. */
  save?: string;
}

/** A docker on the PATH that notes its calls. */
export function fakeDocker(t: TestContext, manner: Manner | 'not running' = {}): FakeDocker {
  const folder = temporaryFolder(t);
  const running = manner === 'not running' ? {} : manner;
  const { architecture = 'amd64', lacks = 'nothing', size = 1e6, save = 'printf "%s" "$*"' } = running;
  const script = `#!/bin/sh
echo "$*" >>'${folder}/calls'
case "$1" in
version) ${manner === 'not running' ? 'exit 1' : `echo ${architecture}`} ;;
image) case "$*" in *${lacks}*) exit 1 ;; *) echo ${size} ;; esac ;;
save) ${save} ;;
load) gzip -dc >'${folder}/loaded' ;;
esac
`;
  writeFileSync(join(folder, 'docker'), script);
  // No Podman of this machine takes its place.
  writeFileSync(join(folder, 'podman'), '#!/bin/sh\nexit 1\n');
  for (const name of ['docker', 'podman']) chmodSync(join(folder, name), 0o755);
  const before = process.env.PATH;
  process.env.PATH = `${folder}${delimiter}${before}`;
  t.after(() => (process.env.PATH = before));
  const read = (name: string): string | undefined =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : undefined;
  return { calls: () => read('calls')?.trim().split('\n') ?? [], loaded: () => read('loaded') };
}

const compose = `name: stage-9
services:
  dice-roller: { build: ./dice-roller }
  browser: { build: { context: ./dice-roller, dockerfile: browser.Dockerfile } }
  prometheus: { image: 'prom/prometheus:v3.13.1' }
`;

/** A stage with one service that is built from npm's packages, one that also needs Debian's, and one image. */
export function smallStage(t: TestContext, lock: string): string {
  const folder = join(temporaryFolder(t), 'stage-9');
  const files = {
    'compose.yaml': compose,
    'dice-roller/Dockerfile': 'FROM node:24-alpine AS build\nRUN npm ci\nFROM build\nCMD ["node", "a.ts"]\n',
    'dice-roller/browser.Dockerfile': 'FROM node:24-slim\nRUN apt-get install chromium\nCMD ["node", "a.ts"]\n',
    'dice-roller/package-lock.json': lock,
  };
  mkdirSync(join(folder, 'dice-roller'), { recursive: true });
  for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, path), content);
  return folder;
}
