import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * Who listens on a TCP port of this machine, as a text for people: a name and a pid where the system reveals them,
 * which it does only for processes of the same user.
 */
export function portOwner(port: number): string {
  return (
    (process.platform === 'linux' ? ownerFromProc(port) : ownerFromLsof(port)) ??
    'a process of another user, or a connection that is being closed'
  );
}

function ownerFromProc(port: number): string | undefined {
  const sockets = new Set(['tcp', 'tcp6'].flatMap((table) => listeningInodes(`/proc/net/${table}`, port)));
  const pid = readdirSync('/proc').find(
    (name) => /^\d+$/.test(name) && openSockets(name).some((socket) => sockets.has(socket)),
  );
  if (pid === undefined) return undefined;
  // Its command line, since Node calls its main thread "MainThread".
  const [program = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  return `${basename(program)} (pid ${pid})`;
}

/**
 * Empty for a process that belongs to another user or has ended; descriptors that were closed in the meantime are left
 * out.
 */
function openSockets(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
      try {
        return [readlinkSync(`/proc/${pid}/fd/${descriptor}`)];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

/** Fields of /proc/net/tcp: proc(5). State 0A is LISTEN. */
function listeningInodes(table: string, port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const rows = readFileSync(table, 'utf8').split('\n').slice(1);
  const fields = rows.map((row) => row.trim().split(/\s+/));
  return fields.filter((row) => row[1]?.endsWith(`:${hex}`) && row[3] === '0A').map((row) => `socket:[${row[9]}]`);
}

function ownerFromLsof(port: number): string | undefined {
  try {
    const output = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], { encoding: 'utf8' });
    const [pid, name] = [/^p(\d+)/m.exec(output)?.[1], /^c(.+)/m.exec(output)?.[1]];
    return pid && `${name} (pid ${pid})`;
  } catch {
    return undefined;
  }
}
