import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after } from 'node:test';

const folder = new URL('..', import.meta.url);
const { PATH, NODE_COMPILE_CACHE } = process.env;
const services: ChildProcess[] = [];

// Tests that fail leave none behind.
after(() => services.forEach((service) => service.kill('SIGKILL')));

// Starts the service as its container does.
export function startService(environment: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', './src/instrumentation.ts', 'src/server.ts'], {
    cwd: folder,
    env: { PATH, NODE_COMPILE_CACHE, OTEL_SDK_DISABLED: 'true', ...environment },
  });
  services.push(child);
  const lines: Record<string, any>[] = [];
  const ended = Promise.all([once(child, 'exit'), once(child.stdout, 'end'), once(child.stderr, 'end')]);

  for (const output of [child.stdout, child.stderr]) {
    createInterface(output).on('line', (line) => lines.push(JSON.parse(line)));
  }

  async function logged(message: string) {
    while (!lines.some((line) => line.message === message)) {
      assert.equal(child.exitCode, null, `ended before it logged "${message}"`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  return { child, lines, logged, exitCode: () => ended.then(([[code]]) => code) };
}
