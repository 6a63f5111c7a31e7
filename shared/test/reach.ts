import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { isSource, readSource } from '../lessons/check/source.ts';
import { filesOf } from '../runtime/run/folder-digest.ts';

/** What installing, building and checking leave in a package. */
const notPart = ['node_modules', '.next', '.next-build', '.compile-cache', 'next-env.d.ts'];
/** Files that no source names: the settings of what runs a source, and of what builds a whole package. */
const [settings, buildsAll] = ['tsconfig.json', 'next.config.js'];
/** A path in a template, up to its query, or to where it is put together and nobody can tell which file it means. */
const templatePath = /`(\.{1,2}\/[^`$?]*)(.)/g;

/**
 * The files that can decide how a test ends: the test, each file or folder that it names in a text (a module that it
 * imports, a program that it starts, data that it reads), what those name, and the whole package if it is built.
 * @param folder the package's, in which its programs run
 * @param test its path from there
 * @returns what is in these files, by their paths from the folder; undefined if a source puts a path together or has an
 *   error, so that nobody can tell
 */
export function reachOf(folder: string, test: string): Map<string, string> | undefined {
  const reach = new Map<string, string>();
  const whole = existsSync(join(folder, buildsAll!)) ? filesAt(folder) : filesAt(join(folder, settings!));
  const waiting = [test, ...whole.map((file) => relative(folder, file))];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reach.has(path)) continue;
    const text = readFileSync(join(folder, path), 'utf8');
    reach.set(path, text);
    if (!isSource(path)) continue;
    const names = namesIn(path, text);
    if (!names) return undefined;
    // From where it is, or from the package's folder, in which programs run.
    const places = [dirname(path), '.'].flatMap((place) => names.map((name) => join(folder, place, name)));
    waiting.push(...places.flatMap(filesAt).map((file) => relative(folder, file)));
  }
  return reach;
}

/** The texts of a source that can be paths; undefined if nobody can tell. */
function namesIn(path: string, text: string): string[] | undefined {
  const templates = [...text.matchAll(templatePath)];
  if (templates.some(([, , end]) => end === '$')) return undefined;
  try {
    const names = [...readSource(path, text).names, ...templates.map(([, start]) => start!)];
    return names.filter((name) => /[./]/.test(name) && /\w/.test(name));
  } catch {
    return undefined;
  }
}

function filesAt(place: string): string[] {
  const found = statSync(place, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found?.isFile() ? [place] : [];
  return filesOf(place, (name) => notPart.includes(name)).map(({ path }) => join(place, path));
}
