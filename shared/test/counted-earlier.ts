import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, filesOf, type FolderFile } from '../runtime/run/folder-digest.ts';

/** What builds, tests and type checks leave in a package. */
const notPart = ['node_modules', '.next', '.next-build', '.compile-cache', 'next-env.d.ts'];

/**
 * Finds the packages that are the stage before's, byte for byte: sources, tests, lock and configuration.
 * @param root folder with `stage-1/`, `stage-2/` …
 * @returns for each such package the one that it repeats: `stage-4/die-service` → `stage-3/die-service`
 */
export function countedEarlier(root: string): Map<string, string> {
  const counted = new Map<string, string>();
  let before = new Map<string, { digest: string; first: string }>();
  for (const stage of stagesOf(root)) {
    const digests = digestsOf(join(root, stage));
    const now = [...digests].map(([name, digest]): [string, { digest: string; first: string }] => {
      const same = before.get(name)?.digest === digest && before.get(name);
      if (same) counted.set(`${stage}/${name}`, same.first);
      return [name, { digest, first: same ? same.first : `${stage}/${name}` }];
    });
    before = new Map(now);
  }
  return counted;
}

function stagesOf(root: string): string[] {
  const stages = readdirSync(root).filter((name) => /^stage-\d+$/.test(name));
  return stages.sort((one, other) => Number(one.slice(6)) - Number(other.slice(6)));
}

/** A digest of each package of a stage, by its name. One whose tests read its neighbours has the neighbours' in it. */
function digestsOf(stage: string): Map<string, string> {
  const names = readdirSync(stage).filter((name) => existsSync(join(stage, name, 'package.json')));
  const files = new Map(names.map((name) => [name, filesOf(join(stage, name), (file) => notPart.includes(file))]));
  const digests = new Map([...files].map(([name, own]) => [name, digestOf(own)]));
  const all = JSON.stringify([...digests.values()]);
  const reading = names.filter((name) => files.get(name)!.some(readsItsNeighbour));
  for (const name of reading) digests.set(name, digests.get(name) + all);
  return digests;
}

/** Whether it is a test that names another package of its stage, such as `../../die-service`, and not the root. */
function readsItsNeighbour({ path, content }: FolderFile): boolean {
  return path.startsWith('test/') && /['"`]\.\.\/\.\.\/(?!\.\.\/)/.test(content.toString());
}
