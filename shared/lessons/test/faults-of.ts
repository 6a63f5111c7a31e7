import { checkStages } from '../check/check.ts';
import { showFault } from '../check/fault.ts';
import { smallFiles } from './small-files.ts';
import { borrowSmallRepository, type SmallFolder } from './small-repository.ts';

/** What `check` says after a change that nobody has committed, and that is taken back. */
export function faultsOf(change: (folder: SmallFolder) => void, files = smallFiles()): string[] {
  using folder = borrowSmallRepository(files);
  change(folder);
  return checkStages(folder.root).faults.map(showFault);
}
