import type { RunningStage } from '../verify/stage/running-stage.ts';
import { messageOf } from '../runtime/problem.ts';
import { careful, type Control } from './control/control.ts';
import { heading, findingTable, deed } from './report.ts';
import { judge, notChecked, type Drill, type Finding, type Settings, type Step } from './step.ts';

/**
 * Runs steps one after another, even when one fails, and leaves the stage as it was.
 * @param print gets each line at once
 * @throws the signal's reason when it was interrupted, once everything is running again
 */
export async function runDrill(
  {
    stage,
    control,
    settings,
    signal,
  }: { stage: RunningStage; control: Control; settings: Settings; signal: AbortSignal },
  steps: Step[],
  print: (text: string) => void,
): Promise<Finding[]> {
  const cautious = careful(control);
  const drill: Drill = { stage, control: cautious, settings, signal, did: (text) => print(deed(text)) };
  const findings: Finding[] = [];
  for (const [index, step] of steps.entries()) {
    print(heading(index + 1, steps.length, step.title));
    try {
      const seen = await runStep(step, drill);
      findings.push(...seen);
      print(findingTable(seen));
    } finally {
      await cautious.restore();
    }
  }
  return findings;
}

async function runStep(step: Step, drill: Drill): Promise<Finding[]> {
  const { control, signal } = drill;
  const lacking: string[] = [];
  for (const service of step.needs) if (!(await control.look(service)).running) lacking.push(service);
  if (lacking.length > 0) return [notChecked('this step', `${lacking.join(', ')} is not running`)];
  try {
    return await step.run(drill);
  } catch (error) {
    signal.throwIfAborted();
    return [judge(false, 'this step can be carried out', messageOf(error))];
  }
}
