import { basename, join, posix } from 'node:path';
import { z } from 'zod';
import { repositoryRoot } from '../runtime/places.ts';
import { Problem } from '../runtime/problem.ts';
import { readYaml } from '../runtime/read-yaml.ts';

export const releasesPath = 'shared/back-ends/back-ends.yaml';

/** Unencrypted downloads could come from anybody; tests have a server on this machine. */
const address = z.string().regex(/^(https:\/\/|http:\/\/127\.0\.0\.1[:/]|\{archive\})/, 'must begin with https://');
const digest = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal');

const release = z.strictObject({
  image: z.string(),
  version: z.string(),
  /** What a project adds to the version in its addresses, and the version that it was made for. */
  build: z.strictObject({ id: z.string(), of: z.string() }).optional(),
  platforms: z.array(z.string()),
  archive: address,
  checksums: address,
  sha256: z.record(z.string(), digest).default({}),
  strip: z.int().min(0).default(0),
  program: z.string(),
  as: z.string().optional(),
  keep: z.array(z.string()).default([]),
  windows: z.strictObject({ archive: address, checksums: address }).partial().optional(),
});

/** A back end's releases, by the name of its compose service. */
export type Releases = Record<string, z.infer<typeof release>>;

/** One archive of a release. */
export interface Archive {
  name: string;
  version: string;
  platform: string;
  url: string;
  /** The address of the project's file of digests. */
  checksums: string;
  /** The digest that back-ends.yaml pins. */
  sha256?: string;
  /** Its path among the archives here, and on a teacher's machine: `loki-3.7.6/loki-linux-amd64.zip`. */
  path: string;
  strip: number;
  /** The program's path in the archive, after `strip`, and what it is called here. */
  program: string;
  runsAs: string;
  keep: string[];
}

/** Reads back-ends.yaml. @throws Problem naming what is wrong in it */
export function readReleases(file = join(repositoryRoot, releasesPath)): Releases {
  const result = z.record(z.string(), release).safeParse(readYaml(file));
  if (!result.success) throw new Problem(`${file} is wrong:\n${z.prettifyError(result.error)}`);
  return result.data;
}

/** The archives for a platform, and the back ends that are not published for it. */
export function archivesFor(releases: Releases, platform: string): { archives: Archive[]; unpublished: string[] } {
  const names = Object.keys(releases);
  const published = names.filter((name) => releases[name]!.platforms.includes(platform));
  return {
    archives: published.map((name) => archiveOf(name, releases[name]!, platform)),
    unpublished: names.filter((name) => !published.includes(name)),
  };
}

function archiveOf(name: string, { windows, ...usual }: Releases[string], platform: string): Archive {
  const [os = '', arch = ''] = platform.split('-');
  const release = os === 'windows' ? { ...usual, ...windows } : usual;
  const { version, build, strip, keep } = release;
  const fill = (text: string, values: Record<string, string>): string =>
    text.replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole);
  const values = { version, build: build?.id ?? '', os, arch };
  const url = fill(release.archive, values);
  const suffix = os === 'windows' ? '.exe' : '';
  const program = fill(release.program, values);
  return {
    ...{ name, version, platform, url, strip, keep },
    checksums: fill(release.checksums, { ...values, archive: url }),
    ...(release.sha256[platform] && { sha256: release.sha256[platform] }),
    path: `${name}-${version}/${basename(new URL(url).pathname)}`,
    program: program + suffix,
    runsAs: posix.join(posix.dirname(program), release.as ?? basename(program)) + suffix,
  };
}
