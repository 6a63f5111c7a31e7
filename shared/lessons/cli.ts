import { Command } from 'commander';
import { repositoryRoot } from '../runtime/places.ts';
import { runProgram } from '../runtime/run-program.ts';
import { writeBranches } from './branches/branches.ts';
import { lessonDiff } from './diff/diff.ts';
import { page } from './diff/page.ts';
import { fillLessons } from './pages/lessons.ts';
import { propagate } from './propagate/propagate.ts';

const program = new Command('lessons').description(
  'Keeps the stages different where they teach, and identical elsewhere.',
);

program
  .command('diff')
  .description('show what a stage adds to the one before: its lesson page, or the plain difference where it has none')
  .argument('<stage>', 'stage-1, stage-2, …')
  .option('--all', 'the whole difference, by concern, without prose', false)
  .option('--summary', 'how many lines change, by concern', false)
  .option('--telemetry', 'what changes in the telemetry contract', false)
  .action((stage: string, { all, summary, telemetry }) => {
    const colour = process.stdout.isTTY && process.stdout.hasColors();
    const columns = process.stdout.columns ?? 80;
    const show = summary ? 'summary' : telemetry ? 'telemetry' : all ? 'all' : 'page';
    page(repositoryRoot, lessonDiff(repositoryRoot, stage, { show, colour, columns }));
  });

program
  .command('pages')
  .description('fill the lesson pages, docs/lessons/stage-N.md, from the folders')
  .argument('[stage]', 'one stage, or all')
  .option('--todo', 'list what no page shows yet, with fences to paste, and write nothing', false)
  .action((stage: string | undefined, options) => {
    const { report, failed } = fillLessons(repositoryRoot, stage, options);
    console.log(report);
    process.exitCode = failed ? 1 : 0;
  });

program
  .command('check')
  .description('check the stages against the manifest, their contracts and each other')
  .action(async () => {
    // The parsers that it alone needs take longer to load than a difference to show.
    const { checkStages } = await import('./check/check.ts');
    const { faults, report } = checkStages(repositoryRoot);
    console.log(report);
    process.exitCode = faults.length > 0 ? 1 : 0;
  });

program
  .command('propagate')
  .description('carry what changed in a stage into the later ones; a conflict stops it before anything is written')
  .option('--from <stage>', 'the stage that has the change', '')
  .option('--to <stage>', 'the last stage that gets it')
  .option('--since <commit>', 'count the change from here', 'HEAD')
  .option('--dry-run', 'show what would be written', false)
  .action((options) => console.log(propagate(repositoryRoot, options)));

program
  .command('branches')
  .description('write the branches stage-1, stage-2, … of what HEAD has, each one commit on the one before')
  .option('--tag', 'also write the tags v<version>/stage-N, which never move', false)
  .action((options) => console.log(writeBranches(repositoryRoot, options)));

await runProgram(program);
