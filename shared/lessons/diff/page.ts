import { spawnSync } from 'node:child_process';
import { git } from '../git.ts';

/**
 * Prints a text: on a terminal through the reader's pager, as Git itself would, else as it is. A pager that is missing
 * or that exits early is not an error.
 */
export function page(root: string, text: string): void {
  const pager = process.stdout.isTTY ? git(root, ['var', 'GIT_PAGER']) : 'cat';
  if (pager === 'cat' || pager === '') return void process.stdout.write(text);
  const { status } = spawnSync('sh', ['-c', pager], {
    input: text,
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { LESS: 'FRX', LV: '-c', ...process.env },
  });
  if (status === 127) process.stdout.write(text);
}
