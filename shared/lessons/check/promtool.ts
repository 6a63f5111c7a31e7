import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { findBinary } from '../../runtime/plan/find-binary.ts';

/**
 * What Prometheus's own parser says about each query; it knows types, which a grammar does not. Nothing if promtool is
 * missing.
 * @returns a message for each query that is wrong, by its place in the list
 */
export function promtoolErrors(queries: string[], path?: string): Map<number, string> {
  const promtool = findBinary(['promtool'], path);
  if (promtool === undefined) return new Map();
  const unknown = [...new Set(queries)].filter((query) => !said.has(query));
  const messages = unknown.length > 0 ? ask(promtool, unknown) : new Map<number, string>();
  unknown.forEach((query, index) => said.set(query, messages.get(index)));
  return new Map(queries.flatMap((query, index) => (said.get(query) ? [[index, said.get(query)!]] : [])));
}

/** What promtool has said about each query; nothing about one that is fine. Stages have the same queries. */
const said = new Map<string, string | undefined>();

function ask(promtool: string, queries: string[]): Map<number, string> {
  const directory = mkdtempSync(join(tmpdir(), 'promtool-'));
  try {
    const rules = queries.map((expr, index) => ({ record: `query_${index}`, expr }));
    const file = join(directory, 'rules.yaml');
    writeFileSync(file, stringify({ groups: [{ name: 'panels', rules }] }));
    const { stdout, stderr } = spawnSync(promtool, ['check', 'rules', '--lint=none', file], { encoding: 'utf8' });
    return messagesIn(stdout + stderr);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function messagesIn(output: string): Map<number, string> {
  const found = [...output.matchAll(/rule \d+, "query_(\d+)": could not parse expression: (.*)$/gm)];
  // A promtool older than the Prometheus of the stages does not know the newest functions; the grammar does.
  const faults = found.filter(([, , message]) => !message!.includes('unknown function'));
  return new Map(faults.map(([, index, message]) => [Number(index), message!]));
}
