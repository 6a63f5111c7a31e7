import { execFileSync, spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { PlannedService } from '../plan/plan.ts';
import { Problem } from '../problem.ts';
import type { SpawnAs } from './child.ts';
import { linkLibraries } from './embedded-postgres.ts';

const scripts = '/docker-entrypoint-initdb.d';

/** The user that PostgreSQL runs as; undefined for the runtime's own. */
interface User {
  uid?: number;
  gid?: number;
  /** The beginning of a command that switches to this user. */
  prefix?: string[];
}

/**
 * Does what the entrypoint of the postgres image does: on the first start it makes a database cluster in the volume, with
 * `POSTGRES_USER`, `POSTGRES_PASSWORD` and `POSTGRES_DB`, and runs the SQL files that are mounted for that.
 * Rules: https://hub.docker.com/_/postgres
 * @throws Problem when there is no password, or when root has no other user to run it as
 */
export function preparePostgres({ command, environment, places }: PlannedService): SpawnAs {
  const binary = realpathSync(command[0]!);
  linkLibraries(binary);
  const [version = ''] = /\d+/.exec(execFileSync(binary, ['--version'], { encoding: 'utf8' })) ?? [];
  const volume = places.find(({ target }) => target.startsWith('/var/lib/postgresql'));
  if (!volume) throw new Problem('compose.yaml, postgres: mount a volume at /var/lib/postgresql for its data.');
  // A cluster fits one major version only, so each has its own.
  const data = join(volume.path, `native-${version}`);
  mkdirSync(volume.path, { recursive: true });
  const { prefix = [], ...user } = ordinaryUser(volume.path, binary);
  if (!existsSync(data)) makeCluster(binary, data, environment, scriptFiles(places), { prefix, ...user });
  return { command: [...prefix, binary, '-D', data, ...command.slice(1)], ...user };
}

function scriptFiles(places: PlannedService['places']): string[] {
  const mounts = places.filter(({ target }) => target.startsWith(scripts));
  return mounts.flatMap(({ path, target }) => (target === scripts ? globSync(join(path, '*.sql')).sort() : [path]));
}

/** PostgreSQL refuses to run as root. */
function ordinaryUser(volume: string, binary: string): User {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    const id = (flag: string): number => Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout);
    const [uid, gid] = [id('-u'), id('-g')];
    if (!uid || !gid) continue;
    execFileSync('chown', ['-R', `${uid}:${gid}`, volume]);
    const user = [{ uid, gid }, { prefix: withoutWalls(uid, gid) }].find((way) => mayUse(volume, binary, way));
    if (user) return user;
    throw new Problem(
      `PostgreSQL does not run as root, and the user ${name} may not enter ${volume}. Run as an ordinary user.`,
    );
  }
  throw new Problem(
    'PostgreSQL does not run as root, and there is no user postgres or nobody. Run as an ordinary user.',
  );
}

function mayUse(volume: string, binary: string, { prefix = [], ...user }: User): boolean {
  const [program = '', ...words] = [...prefix, 'test', '-w', volume, '-a', '-x', binary];
  return spawnSync(program, words, { ...user, cwd: '/' }).status === 0;
}

/** On Linux, a user that may enter folders that only root may enter, such as a clone in /root: capabilities(7). */
function withoutWalls(uid: number, gid: number): string[] {
  const sets = ['inh-caps', 'ambient-caps', 'bounding-set'].map((set) => `--${set}=-all,+dac_override`);
  return [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--no-new-privs',
    '--securebits=+no_setuid_fixup',
    ...sets,
  ];
}

/**
 * Makes the cluster next to its final place and moves it there when it is complete, so that a failed start can be
 * repeated.
 */
function makeCluster(
  binary: string,
  data: string,
  environment: Record<string, string>,
  files: string[],
  user: User,
): void {
  const { POSTGRES_USER: owner = 'postgres', POSTGRES_PASSWORD: password = '' } = environment;
  const database = environment.POSTGRES_DB ?? owner;
  if (password === '')
    throw new Problem('compose.yaml, postgres: set POSTGRES_PASSWORD, which the image requires, too.');
  const unfinished = `${data}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const passwordFile = `${unfinished}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user.uid && user.gid) chownSync(passwordFile, user.uid, user.gid);
  const access = [`--pwfile=${passwordFile}`, '--auth-local=trust', '--auth-host=scram-sha-256'];
  run(join(dirname(binary), 'initdb'), ['-D', unfinished, '-U', owner, '-E', 'UTF8', ...access], user);
  rmSync(passwordFile);
  // Single-user mode needs neither a port nor psql. With -j a statement ends at a semicolon and an empty line.
  const execute = (into: string, sql: string): void =>
    run(binary, ['--single', '-j', '-D', unfinished, into], user, `${sql.trim()}\n\n`);
  if (database !== 'postgres') execute('postgres', `CREATE DATABASE "${database.replaceAll('"', '""')}";`);
  for (const file of files) execute(database, readFileSync(file, 'utf8'));
  renameSync(unfinished, data);
}

function run(binary: string, flags: string[], { prefix = [], ...user }: User, input = ''): void {
  const [program = '', ...words] = [...prefix, binary, ...flags];
  const { status, stderr } = spawnSync(program, words, {
    ...user,
    cwd: '/',
    env: { LC_ALL: 'C.UTF-8' },
    encoding: 'utf8',
    input,
  });
  // Single-user mode continues after a faulty statement and exits with 0.
  if (status !== 0 || /ERROR:|FATAL:/.test(stderr))
    throw new Problem(`${binary} ${flags.join(' ')} failed:\n${stderr}`);
}
