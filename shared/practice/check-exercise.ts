import { findingsOf } from '../verify/compare/findings.ts';
import { isPending } from '../verify/compare/check.ts';
import { readContract } from '../verify/contract/contract.ts';
import type { MadeRequest } from '../verify/compare/requests.ts';
import { driveRound, manyUsers } from '../verify/drive/round.ts';
import { withMemory } from '../verify/full/memory.ts';
import { observe, readersOf } from '../verify/observe.ts';
import type { RunningStage } from '../verify/stage/running-stage.ts';
import { amend } from './amend.ts';
import type { AnswerVerdict } from './answer.ts';
import type { Exercise } from './exercise.ts';
import { judge } from './judge.ts';
import { checkPanel } from './panel.ts';
import { recent } from './recent.ts';
import { restartUnderLoad } from './restart-under-load.ts';

/** A round of 300 rolls rarely misses a face of a die, or a failure; a second one would have it. */
const mostRounds = 2;
/** A service that ends without its last spans may have sent them by chance, just before. */
const restarts = 3;

export interface Settings {
  /** Milliseconds that any part may wait for telemetry that has not arrived yet. */
  patience: number;
  /** Called with what is being done. */
  tell: (text: string) => void;
}

/**
 * Checks an exercise by the telemetry of its running stage: drives traffic, and compares the telemetry with the stage's
 * contract as the exercise amends it. Of a panel, compares what it shows with what it should show.
 * @throws Problem when the traffic fails
 */
export async function checkExercise(
  stage: RunningStage,
  exercise: Exercise,
  settings: Settings,
): Promise<AnswerVerdict> {
  const { panel, restart } = exercise;
  if (panel) return checkPanel(stage, panel, settings);
  const reason = obstacle(stage, exercise);
  if (reason) return { outcome: 'not-checked', unmet: [], reason };
  const { patience, tell } = settings;
  // Nobody hangs up here: no exercise is about that, and on a busy machine the answer may come first.
  const contract = { ...amend(readContract(stage.directory), exercise.contract ?? {}), hung_up: [] };
  // `up` restarts a service that was edited. What it emitted before must not count.
  const now = Date.now();
  const { readers, look } = withMemory(recent(readersOf({ ...stage, since: now }), now));
  // Kept across rounds: a span that a restart lost does not arrive later.
  const answered: MadeRequest[] = [];
  for (let round = 1; ; round++) {
    tell(`Rolling dice (SEED=${round}) and making the requests that telemetry.yaml lists …`);
    const traffic = await driveRound(stage, contract, String(round), manyUsers);
    if (restart) {
      tell(`Restarting ${restart.service} ${restarts} times while it gets requests …`);
      for (let left = restarts; left > 0; left--) {
        // The receiver keeps some hundred traces only.
        await look();
        answered.push(...(await restartUnderLoad(stage, restart.service, restart.path)));
      }
    }
    traffic.requests.push(...answered);
    tell('Reading the telemetry …');
    const checks = await observe(contract, readers, traffic, patience);
    const verdict = judge(exercise, findingsOf(checks));
    if (verdict.outcome !== 'not-seen-yet' || round === mostRounds || !checks.some(isPending)) return verdict;
  }
}

/** Why an exercise cannot be checked on this stage. */
function obstacle(stage: RunningStage, { restart, needs }: Exercise): string | undefined {
  if (restart && stage.how === 'Docker') return 'it restarts a service, which works with RUNTIME=native only';
  const backEnd = needs && stage.backEnd(needs);
  return backEnd && 'missing' in backEnd ? `${backEnd.missing} (make back-ends fetches it)` : undefined;
}
