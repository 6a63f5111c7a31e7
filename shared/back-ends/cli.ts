import { Command } from 'commander';
import { backEndsDirectory } from '../runtime/places.ts';
import { Problem } from '../runtime/problem.ts';
import { runProgram } from '../runtime/run-program.ts';
import { fetchBackEnds } from './fetch-back-ends.ts';
import { thisPlatform } from './platform.ts';
import { openProgress } from './progress.ts';
import { archivesFor, readReleases, type Releases } from './releases.ts';
import { serveBackEnds } from './serve.ts';
import { openSource } from './source.ts';
import { withoutRelease } from './unpublished.ts';

const program = new Command('back-ends').description('Grafana and the other back ends, to run without Docker.');

program
  .command('fetch')
  .description('download the releases that compose.yaml names, check their SHA-256, unpack what runs here')
  .option('--from <address>', "take them from a teacher's machine (http://…) or a folder, instead of from the projects")
  .option('--platform <names>', 'archives for other machines too: linux-arm64,darwin-arm64, or all')
  .option('--releases <file>', 'another back-ends.yaml')
  .action(async ({ from, platform, releases }) => fetch(readReleases(releases), from, platform));

program
  .command('serve')
  .description('offer what was fetched to other machines')
  .option(
    '--listen <address:port>',
    'the address to listen on; by default, only this machine can connect',
    '127.0.0.1:8099',
  )
  .action(async ({ listen }) => {
    const { url } = await serveBackEnds(backEndsDirectory(), listen);
    console.log(`Serving at ${url}, until Ctrl-C. On the other machines: make back-ends BACK_ENDS_FROM=${url}`);
  });

async function fetch(releases: Releases, from?: string, others?: string): Promise<void> {
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort()).once('SIGTERM', () => interrupt.abort());
  const platform = thisPlatform();
  const progress = openProgress();
  const [folder, source] = [backEndsDirectory(), openSource(from)];
  try {
    for (const each of platformsOf(others, platform, releases)) {
      const { archives, unpublished } = archivesFor(releases, each);
      for (const name of unpublished) progress.say(withoutRelease(name, each));
      await fetchBackEnds(archives, { source, folder, platform, progress, signal: interrupt.signal });
    }
  } finally {
    progress.end();
  }
  console.log(`They are in ${folder}. From now on \`make stage-1 up\` uses them when Docker is not running.`);
}

/** This machine's platform first. */
function platformsOf(others: string | undefined, own: string, releases: Releases): string[] {
  const known = new Set(Object.values(releases).flatMap(({ platforms }) => platforms));
  const wanted = others === 'all' ? [...known] : (others?.split(/[\s,]+/).filter(Boolean) ?? []);
  const unknown = wanted.find((each) => !known.has(each));
  if (unknown) throw new Problem(`There is no platform ${unknown}. Platforms:  ${[...known].join(', ')}, or all.`);
  return [...new Set([own, ...wanted])];
}

await runProgram(program);
