import Table from 'cli-table3';
import { showName } from './show-name.ts';
import { readUsage, type Counts, type Usage } from './usage.ts';

const folder = process.env.USAGE_DIR || '/var/lib/usage';
const mostUsers = 20;
const mostDice = 5;
const longestName = 24;

function report({ users, total, first, last }: Usage): string {
  const mostRuns = ([, a]: [string, { runs: number }], [, b]: [string, { runs: number }]) => b.runs - a.runs;
  const dice = [...total.dice].sort(mostRuns).map(([die]) => die);
  const shown = [...users].sort(mostRuns).slice(0, mostUsers);
  const columns = dice.slice(0, mostDice);
  const row = (name: string, { signIns, runs, failedRuns, dice }: Counts) => {
    const byDie = columns.map((die) => `${dice.get(die)?.runs ?? 0} (${dice.get(die)?.rolled ?? 0})`);
    return [name, signIns, runs, ...byDie, failedRuns];
  };
  const more = (kind: string, count: number) => (count > 0 ? [`… and ${count} more ${kind}, counted in the sums`] : []);

  const head = ['user', 'sign-ins', 'runs', ...columns.map((die) => showName(die, longestName)), 'failed'];
  const colAligns = head.map((_, column) => (column === 0 ? 'left' : 'right'));
  const table = new Table({ head, colAligns, style: { head: [], border: [], compact: true } });
  table.push(...shown.map(([name, counts]) => row(showName(name, longestName), counts)), row('TOTAL', total));

  return [
    `Usage from ${minute(first)} to ${minute(last)} UTC. By die: runs, and in brackets the dice rolled.`,
    table.toString(),
    ...more('users', users.size - shown.length),
    ...more('dice', dice.length - columns.length),
  ].join('\n');
}

function minute(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}

try {
  const usage = await readUsage(folder);

  if (usage.users.size > 0) console.log(report(usage));
  else console.log('No usage yet. Sign in on the page and roll a die; two seconds later it is here.');
  if (usage.leftOut > 0) {
    console.log(`Left out, because it cannot be read: ${usage.leftOut}. If the collector is still writing, ask again.`);
  }
} catch (error) {
  console.error(
    `Cannot read the usage in ${folder}: ${(error as Error).message}. Is USAGE_DIR the collector's folder?`,
  );
  process.exitCode = 1;
}
