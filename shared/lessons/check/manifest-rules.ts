import { manifestPath } from '../manifest.ts';
import type { Fault } from './fault.ts';
import type { Project } from './project.ts';

/** Stage folders that the manifest does not know, and gaps in its order. */
export function findUnlistedStages({ files, manifest, manifestLines }: Project): Fault[] {
  const known = manifest.steps.map(({ stage }) => stage);
  const folders = new Set(files.flatMap((file) => /^(stage-\d+)\//.exec(file)?.[1] ?? []));
  const unknown = [...folders].filter((folder) => !known.includes(folder));
  const misplaced = known.filter((stage, index) => stage !== `stage-${index + 1}`);
  return [
    ...unknown.map((stage) => ({
      ...{ file: manifestPath, line: manifestLines.lineOf(['steps']) },
      fault: `the folder ${stage} exists, but no step describes it`,
      remedy: `Add the step of ${stage}: its title, and what it adds and changes.`,
    })),
    ...misplaced.map((stage) => ({
      ...{ file: manifestPath, line: manifestLines.lineOf(['steps', known.indexOf(stage)]) },
      fault: `${stage} is out of order`,
      remedy: 'List the stages as stage-1, stage-2, …, without a gap.',
    })),
  ];
}
