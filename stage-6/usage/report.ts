import Table from 'cli-table3';
import { showName } from './show-name.ts';
import { readUsage, type Counts, type Usage } from './usage.ts';

const folder = process.env.USAGE_DIR || '/var/lib/usage';
const mostUsers = 20;
const mostDice = 5;

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

  return `Usage from ${minute(first)} to ${minute(last)} UTC. By die: runs, and in brackets the dice rolled.\n${table}`;
}

function byRuns<Counted extends { runs: number }>(counts: Map<string, Counted>): [string, Counted][] {
  return [...counts].sort(([, a], [, b]) => b.runs - a.runs);
}

function minute(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}

try {
  const usage = await readUsage(folder);
  const [users, dice, leftOut] = [usage.users.size, usage.total.dice.size, usage.leftOut];
  const lines = leftOut === 1 ? 'line or event' : 'lines or events';

  if (users === 0) console.log('No usage yet. Sign in on the page and roll a die; two seconds later it is here.');
  else console.log(report(usage));
  if (users > mostUsers) console.log(`… and ${users - mostUsers} more users, counted in the sums`);
  if (dice > mostDice) console.log(`… and ${dice - mostDice} more dice, counted in the sums`);
  if (leftOut > 0) console.log(`Left out, because it cannot be read: ${leftOut} ${lines}.`);
} catch (error) {
  console.error(
    `Cannot read the usage in ${folder}: ${(error as Error).message}. Is USAGE_DIR the collector's folder?`,
  );
  process.exitCode = 1;
}
