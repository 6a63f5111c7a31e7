import Table from 'cli-table3';
import { showName } from './show-name.ts';
import { readUsage, type Counts, type Usage } from './usage.ts';

const folder = process.env.USAGE_DIR || '/var/lib/usage';
const mostUsers = 20;
const mostDice = 5;
// Milliseconds within which an event reaches the collector's file.
const settled = 2000;

function report({ users, total, first, last }: Usage): string {
  const rows = byRuns(users).slice(0, mostUsers);
  const dice = byRuns(total.dice).slice(0, mostDice);
  const head = ['user', 'sign-ins', 'runs', ...dice.map(([die]) => showName(die)), 'failed'];
  const colAligns = head.map((_, column) => (column === 0 ? 'left' : 'right'));
  const table = new Table({ head, colAligns, style: { head: [], border: [], compact: true } });

  for (const [name, counts] of [...rows, ['TOTAL', total] as const]) {
    const byDie = dice.map(([die]) => counts.dice.get(die) ?? { runs: 0, rolled: 0 });
    const cells = byDie.map(({ runs, rolled }) => `${runs} (${rolled})`);
    table.push([showName(name), counts.signIns, counts.runs, ...cells, counts.failedRuns]);
  }

  return `Usage from ${second(first)} to ${second(last)} UTC. Under each die: runs (dice rolled).\n${table}`;
}

function byRuns<Counted extends { runs: number }>(counts: Map<string, Counted>): [string, Counted][] {
  return [...counts].sort(([, a], [, b]) => b.runs - a.runs);
}

function second(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}

try {
  const usage = await readUsage(folder);
  const [users, dice, skipped] = [usage.users.size, usage.total.dice.size, usage.skipped];

  if (users === 0) console.log('No usage yet. Sign in on the page, roll a die, and run this again.');
  else console.log(report(usage));
  if (users > mostUsers) console.log(`… and ${users - mostUsers} more users, included in the total`);
  if (dice > mostDice) console.log(`… and ${dice - mostDice} more dice, included in the number of runs`);
  if (skipped > 0) console.log(`Skipped ${skipped} ${skipped === 1 ? 'line' : 'lines'} that could not be read.`);
  if (Date.now() - usage.last < settled) console.log('The latest events may still be on their way. Run this again.');
} catch (error) {
  console.error(
    `Cannot read usage from ${folder}: ${(error as Error).message}. Set USAGE_DIR to the folder the collector writes to.`,
  );
  process.exitCode = 1;
}
