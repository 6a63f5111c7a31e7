import { careful } from '../../drill/control/control.ts';
import { dockerControl } from '../../drill/control/docker-control.ts';
import { nativeControl } from '../../drill/control/native-control.ts';
import { readComposeFile } from '../../runtime/compose/compose-file.ts';
import { messageOf, Problem } from '../../runtime/problem.ts';
import type { Contract } from '../contract/contract.ts';
import type { RunningStage } from '../stage/running-stage.ts';
import { causes } from './causes.ts';
import type { Memory } from './memory.ts';

/** How often what was read is remembered, in milliseconds: the receiver keeps the newest 500 traces. */
const pause = 2500;

/**
 * Brings about what the contract calls optional, and leaves the stage running.
 * @param tell gets a line for each thing that is being done
 * @throws Problem naming what could not be brought about
 */
export async function bringAbout(
  stage: RunningStage,
  contract: Contract,
  memory: Memory,
  tell: (text: string) => void,
): Promise<void> {
  const control = careful(stage.how === 'Docker' ? dockerControl(stage.directory) : nativeControl(stage.directory));
  const services = readComposeFile(stage.directory).services.map(({ name }) => name);
  const timer = setInterval(() => void memory.look(), pause);
  try {
    for (const { title, run } of causes.filter((cause) => cause.needs.every((name) => services.includes(name)))) {
      tell(`  ${title} …`);
      await run({ stage, contract, control, memory }).catch((error: unknown) => {
        throw new Problem(`Could not cause this: ${title}: ${messageOf(error)}`);
      });
    }
    await memory.look();
  } finally {
    clearInterval(timer);
    await control.restore();
  }
}
