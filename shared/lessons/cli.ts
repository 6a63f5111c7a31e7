import { Command } from 'commander';
import { repositoryRoot } from '../runtime/places.ts';
import { runProgram } from '../runtime/run-program.ts';
import { writeBranches } from './branches/branches.ts';
import { checkStages } from './check/check.ts';
import { lessonDiff } from './diff/diff.ts';
import { page } from './diff/page.ts';
import { propagate } from './propagate/propagate.ts';

const program = new Command('lessons').description('Keeps the stages apart where they teach, and equal elsewhere.');

program
  .command('diff')
  .description('show what a stage adds to the one before, by concern')
  .argument('<stage>', 'stage-1, stage-2, …')
  .option('--summary', 'the table alone', false)
  .action((stage: string, { summary }) => {
    const colour = process.stdout.isTTY && process.stdout.hasColors();
    page(repositoryRoot, lessonDiff(repositoryRoot, stage, { summary, colour }));
  });

program
  .command('check')
  .description('hold the stages against the manifest, their contracts and each other')
  .action(() => {
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
