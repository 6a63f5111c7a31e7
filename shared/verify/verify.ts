import { isPending, type Check } from './compare/check.ts';
import { Problem } from '../runtime/problem.ts';
import { readContract, type Contract } from './contract/contract.ts';
import { driveRound, rollForPanels } from './drive/round.ts';
import { observe, readersOf } from './observe.ts';
import { checkPanels } from './panels/check-panels.ts';
import type { RunningStage } from './stage/running-stage.ts';

/** A round of 300 rolls misses a face of a die, or a failure, less than once in a hundred thousand times. */
const mostRounds = 2;
const panelPatience = 90_000;

/**
 * Drives traffic and holds a running stage against its contract, then asks every panel's query.
 * @param mostPatience milliseconds that any part may wait for what has not come yet
 * @param tell hears what is being done
 * @throws Problem when the contract cannot be read or the traffic fails
 */
export async function verify(
  stage: RunningStage,
  mostPatience: number,
  tell: (text: string) => void,
): Promise<Check[]> {
  const contract = readContract(stage.directory);
  refuseUnknownServices(contract, stage);
  const telemetry = await verifyTelemetry(stage, contract, mostPatience, tell);
  tell("Asking every panel's queries, while more dice are rolled …");
  const patience = Math.min(panelPatience, mostPatience);
  const [panels] = await Promise.all([checkPanels(stage, contract.empty_panels, patience), rollForPanels(stage)]);
  return [...telemetry, ...panels];
}

function refuseUnknownServices({ services }: Contract, stage: RunningStage): void {
  const own = [...stage.services.map(({ name }) => name), ...stage.jobs];
  const unknown = Object.keys(services).filter((name) => !own.includes(name));
  if (unknown.length === 0) return;
  throw new Problem(`telemetry.yaml declares ${unknown.join(', ')}; compose.yaml builds no service of that name.`);
}

async function verifyTelemetry(
  stage: RunningStage,
  contract: Contract,
  mostPatience: number,
  tell: (text: string) => void,
): Promise<Check[]> {
  const readers = readersOf(stage);
  for (let seed = 1; ; seed++) {
    tell(`Rolling dice (SEED=${seed}) and making the requests of telemetry.yaml …`);
    const round = await driveRound(stage, contract, String(seed));
    tell('Reading what came of it …');
    const checks = await observe(contract, readers, round, mostPatience);
    if (seed === mostRounds || !checks.some(isPending)) return checks;
  }
}
