import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * Who listens on a TCP port of this machine, as a text for people: a name and a pid where the system tells, which it
 * does for processes of the same user only.
 */
export function portOwner(port: number): string {
  return (process.platform === 'linux' ? ownerFromProc(port) : ownerFromLsof(port)) ?? "another user's process";
}

function ownerFromProc(port: number): string | undefined {
  const sockets = new Set(['tcp', 'tcp6'].flatMap((table) => listeningInodes(`/proc/net/${table}`, port)));
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const descriptors = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
      if (!descriptors.some((target) => sockets.has(target))) continue;
      // Its command line, since Node calls its main thread "MainThread".
      const [program = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return `${basename(program)} (pid ${pid})`;
    } catch {
      // The process ended meanwhile, or belongs to another user.
    }
  }
  return undefined;
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
