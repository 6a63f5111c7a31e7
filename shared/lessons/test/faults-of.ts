import { checkStages } from '../check/check.ts';
import { showFault } from '../check/fault.ts';
import { smallFiles } from './small-files.ts';
import { openSmallRepository, type SmallRepository } from './small-repository.ts';

/** What `check` says after a change that nobody has committed. */
export function faultsOf(change: (repository: SmallRepository) => void, files = smallFiles()): string[] {
  using repository = openSmallRepository(files);
  change(repository);
  return checkStages(repository.root).faults.map(showFault);
}
