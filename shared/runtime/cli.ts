import { Command, InvalidArgumentError } from 'commander';
import { orderService } from './commands/one-service.ts';
import { down } from './commands/down.ts';
import { logs } from './commands/logs.ts';
import { open } from './commands/open.ts';
import { watch } from './commands/watch.ts';
import { runProgram } from './run-program.ts';

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return number;
}

const program = new Command('runtime').description('Runs a stage without Docker, as local processes.');

const stageCommand = (name: string, description: string): Command =>
  program
    .command(name)
    .description(description)
    .argument('<stage>', 'stage-1, stage-2, …, or a folder with a compose.yaml');

// What reads compose.yaml takes longest to load, so it is loaded only where it is needed.
stageCommand('up', 'start a stage and wait until it is ready; if it is running, restart what has changed').action(
  async (stage: string) => (await import('./commands/up.ts')).up(stage),
);
stageCommand('dev', 'restart what has changed at every save, until Ctrl-C').action(async (stage: string) =>
  (await import('./commands/dev.ts')).dev(stage),
);
stageCommand('down', 'stop a stage; named volumes are kept').action(down);

for (const [action, description] of [
  ['stop', 'stop one service of a running stage; it stays down until it is started'],
  ['start', 'start one service and wait until it is ready'],
  ['restart', 'stop one service and start it'],
  ['pause', 'freeze one service: it accepts connections and does not answer'],
  ['unpause', 'let a paused service continue'],
] as const) {
  stageCommand(action, description)
    .argument('<service>', 'a service in its compose.yaml; also the collector, if the receiver takes its place')
    .action((stage: string, service: string) => orderService(stage, { action, service }));
}
stageCommand('kill', 'send one service a signal; if that ends it, it stays down until it is started')
  .argument('<service>', 'a service that is running')
  .option('--signal <name>', 'which signal', 'SIGKILL')
  .action((stage: string, service: string, { signal }) => orderService(stage, { action: 'kill', service, signal }));
stageCommand('status', 'show what is running, where, and what is missing').action(async (stage: string) =>
  (await import('./commands/status.ts')).status(stage),
);
stageCommand('open', "print Grafana's or the receiver's page, and open it").action(open);
stageCommand('logs', 'show what the services print')
  .option('--service <name>', 'show only this service')
  .option('--raw', 'the lines as they were printed, without the name of their service', false)
  .option('--follow', 'keep printing as lines arrive (the default in a terminal)')
  .option('--no-follow', 'print the lines so far, and exit')
  .action((stage: string, { service, raw, follow }) =>
    logs(stage, { service, raw, follow: follow ?? process.stdout.isTTY ?? false }),
  );
stageCommand('watch', 'show traces as waterfalls, with their log lines')
  .option('--last <n>', 'show the newest n, and exit', wholeNumber)
  .action((stage: string, { last }) => watch(stage, last));
stageCommand('traffic', 'run a traffic script against a running stage')
  .argument('[service]', 'a service of a compose profile', 'traffic')
  .action(async (stage: string, service: string) => {
    const { traffic } = await import('./commands/traffic.ts');
    process.exitCode = await traffic(stage, service);
  });
stageCommand('usage', 'print the report of who rolled what').action(async (stage: string) => {
  const { usage } = await import('./commands/usage.ts');
  process.exitCode = await usage(stage);
});

await runProgram(program);
