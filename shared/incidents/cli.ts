import { Command, InvalidArgumentError, Option } from 'commander';
import { randomInt } from 'node:crypto';
import { readComposeFile } from '../runtime/compose/compose-file.ts';
import { runningState } from '../runtime/commands/recorded.ts';
import { stageDirectory } from '../runtime/places.ts';
import { Problem } from '../runtime/problem.ts';
import { runProgram } from '../runtime/run-program.ts';
import { runningStage } from '../verify/stage/find-stage.ts';
import { readAnswer, type Given } from './answer.ts';
import { begin } from './begin.ts';
import { choices } from './catalogue.ts';
import { end, sealedOf } from './end.ts';
import { judge, type Judgement } from './judge.ts';
import { traceReader } from './read-traces.ts';
import { incidentOf } from './record.ts';
import { checkRepair, type Repair } from './repair.ts';
import { beginText, choicesText, endText, judgementText, repairText } from './report.ts';

interface IncidentOptions {
  seed?: string;
  lead?: number;
  end?: boolean;
  runtime?: 'docker' | 'native';
}

interface AnswerOptions extends Given {
  repair?: boolean;
  seconds: number;
  json?: boolean;
}

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

async function incident(stage: string, { seed, lead, end: isEnd, runtime }: IncidentOptions): Promise<void> {
  if (isEnd) return console.log(endText(stage, await end(stage)));
  console.error(`Preparing ${stage} ...`);
  const drawn = await begin(stage, {
    seed: seed ?? String(randomInt(2 ** 32)),
    ...(runtime && { runtime }),
    ...(lead !== undefined && { lead: lead * 1000 }),
  });
  console.log(beginText(stage, drawn, runningState(stage)?.page));
}

async function answer(stage: string, { repair, seconds, json, ...given }: AnswerOptions): Promise<void> {
  const file = readComposeFile(stageDirectory(stage));
  const lists = choices(file);
  const read = readAnswer(given, lists);
  const isAnswered = Object.keys(read).length > 0;
  if (!isAnswered && !repair) return console.log(json ? JSON.stringify(lists) : choicesText(stage, lists));
  const sealed = sealedOf(stage);
  if (!sealed) throw new Problem(`No incident is running in ${stage}. Start one: make ${stage} incident`);
  const running = await runningStage(stage, sealed.runtime);
  const judgement = isAnswered ? await judge(sealed, read, traceReader(running)) : undefined;
  if (judgement && !json) console.log(judgementText(stage, judgement));
  if (repair && !json) console.error(`Rolling dice for ${seconds} s ...`);
  const repaired = repair ? await checkRepair(running, incidentOf(sealed), seconds) : undefined;
  if (repaired && !json) console.log(repairText(repaired, seconds));
  if (json) console.log(JSON.stringify({ stage, ...judgement, ...(repaired && { repair: repaired }) }));
  process.exitCode = exitCode(judgement, repaired);
}

function exitCode(judgement?: Judgement, repair?: Repair): number {
  const outcomes = [...Object.values(judgement?.fields ?? {}), ...(repair ? [repair] : [])].map((one) => one.outcome);
  if (outcomes.includes('not-checked')) return 2;
  return outcomes.every((outcome) => outcome === 'right' || outcome === 'repaired') ? 0 : 1;
}

const program = new Command('incidents').description(
  'Makes something go wrong in a running stage, and judges what you find out about it.',
);

program
  .command('incident')
  .description('start a random incident, or end the one that is running')
  .argument('<stage>', 'stage-3, stage-4, …')
  .option('--seed <text>', 'draws the same incident again')
  .option('--end', 'end it, restore the stage, and say what it was')
  .addOption(new Option('--lead <seconds>', 'ordinary traffic before it').argParser(whole).hideHelp())
  .addOption(new Option('--runtime <how>', 'what runs the stage').choices(['docker', 'native']))
  .action(incident);
program
  .command('answer')
  .description('judge an answer, field by field; without one, show what to choose from')
  .argument('<stage>', 'stage-3, stage-4, …')
  .option('--since <time>', 'when it began, give or take a minute')
  .option('--service <name>', 'where it is')
  .option('--cause <name>', 'what it is')
  .option('--trace <id>', 'a trace that shows it')
  .option('--repair', 'check that it was repaired: symptoms stay away for a minute under traffic')
  .addOption(new Option('--seconds <n>', 'how long').argParser(whole).default(60).hideHelp())
  .option('--json', 'print codes for grading instead of sentences')
  .addHelpText('after', '\nExit code: 0 all of it right, 1 not, 2 could not be judged.')
  .action(answer);

await runProgram(program, 2);
