import { spawn } from 'node:child_process';
import { Problem } from '../problem.ts';
import { requireRunning } from './recorded.ts';

/**
 * Prints the page of a running stage, Grafana's or else the receiver's, and opens it when a person asks.
 * @throws Problem when there is no page
 */
export function open(stage: string): void {
  const { page } = requireRunning(stage);
  if (!page) throw new Problem(`${stage} has no page to open here: Grafana is missing on this machine.`);
  console.log(page);
  if (!process.stdout.isTTY) return;
  const opener = spawn(process.platform === 'darwin' ? 'open' : 'xdg-open', [page], {
    stdio: 'ignore',
    detached: true,
  });
  // Without a desktop the printed address is all there is.
  opener.on('error', () => undefined).unref();
}
