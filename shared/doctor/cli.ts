import { styleText } from 'node:util';
import { Command } from 'commander';
import { runProgram } from '../runtime/run-program.ts';
import { checkEngine } from './engine.ts';
import type { Finding } from './finding.ts';
import { checkMachine } from './machine.ts';
import { checkNetwork } from './network.ts';

const colours = { fine: 'green', warning: 'yellow', fault: 'red', 'not checked': 'gray' } as const;

function show({ check, state, found, remedy }: Finding): string {
  const mark = styleText(colours[state], state.padEnd(11), { stream: process.stdout });
  return [`${mark}  ${check.padEnd(15)}  ${found}`, ...(remedy ? [`${' '.repeat(30)}-> ${remedy}`] : [])].join('\n');
}

const program = new Command('doctor')
  .description('Checks whether this machine can run the stages; ends with 1 if it cannot.')
  .option('--json', 'for scripts: a list of check, state, found and remedy', false)
  .action(async ({ json }: { json: boolean }) => {
    const findings = [...checkEngine(), ...(await checkMachine()), ...(await checkNetwork())];
    console.log(json ? JSON.stringify(findings, null, 2) : findings.map(show).join('\n'));
    process.exitCode = findings.some(({ state }) => state === 'fault') ? 1 : 0;
  });

await runProgram(program);
