import { readComposeFile } from '../compose/compose-file.ts';
import { stageDirectory } from '../places.ts';
import { Problem } from '../problem.ts';
import { runBeside } from './beside.ts';

const report = 'usage';

/**
 * Prints a stage's report of its usage. The stage need not run: the volume with its usage outlives it.
 * @returns the report's exit code
 * @throws Problem for a stage that does not track usage
 */
export async function usage(stage: string): Promise<number> {
  const directory = stageDirectory(stage);
  const { services } = readComposeFile(directory);
  if (!services.some(({ name, profiles }) => name === report && profiles.includes(report))) {
    throw new Problem(`${stage} does not track usage: its compose.yaml has no report named ${report}.`);
  }
  return runBeside({ directory, ports: {}, missing: [] }, report);
}
