import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

/** The result of a command. */
export interface Ran {
  /** Standard output and standard error, in the order of printing. */
  output: string[];
  /** Undefined if it was killed because it took too long. */
  code: number | undefined;
}

/** Milliseconds that one command of a page may take. */
const patience = 240_000;

/** On a terminal, curl shows no progress. */
const quietCurl = 'curl() { command curl --no-progress-meter "$@"; }';

/** Runs a command as a learner's shell would, with RUNTIME set so that `make` does not use Docker. */
export function runInShell(command: string, directory: string, root: string): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn('bash', ['-c', `${quietCurl}\n${command.replace(/^\s*#.*$/gm, '')}`], {
      ...{ cwd: directory, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
      env: { ...process.env, ...environmentFor(root) },
    });
    let text = '';
    let late = false;
    child.stdout.on('data', (part) => (text += part));
    child.stderr.on('data', (part) => (text += part));
    const timer = setTimeout(() => {
      late = true;
      // The whole group: a shell's children would keep running.
      process.kill(-child.pid!, 'SIGKILL');
    }, patience);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ output: text.trimEnd().split('\n'), code: late ? undefined : (code ?? undefined) });
    });
  });
}

function environmentFor(root: string): NodeJS.ProcessEnv {
  return {
    RUNTIME: 'native',
    DICE_RUN_DIR: join(root, '.run'),
    PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH}`,
    // `make` would pass its own targets on to the one in the page.
    MAKEFLAGS: '',
    MAKELEVEL: '',
    FORCE_COLOR: '0',
  };
}
