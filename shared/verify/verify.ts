import { isPending, type Check } from './compare/check.ts';
import { Problem } from '../runtime/problem.ts';
import { readContract, type Contract } from './contract/contract.ts';
import { demandAll } from './contract/demand-all.ts';
import { driveRound, rollForPanels, usersOfRounds } from './drive/round.ts';
import { bringAbout } from './full/bring-about.ts';
import { withMemory } from './full/memory.ts';
import { observe, readersOf } from './observe.ts';
import { checkPageQueries } from './panels/check-page-queries.ts';
import { checkPanels } from './panels/check-panels.ts';
import type { RunningStage } from './stage/running-stage.ts';

const panelPatience = 90_000;

export interface Settings {
  /** Milliseconds that any part may wait for what has not come yet. */
  patience: number;
  /** Bring about what the contract calls optional, and demand all of it. */
  full?: boolean;
  /** Gets a line for each thing that is being done. */
  tell: (text: string) => void;
}

/**
 * Verifies a running stage: drives traffic, compares its telemetry with its contract, then asks every
 * query of its panels and of its page.
 * @throws Problem when the contract cannot be read or the traffic fails
 */
export async function verify(stage: RunningStage, settings: Settings): Promise<Check[]> {
  const contract = readContract(stage.directory);
  const telemetry = await verifyTelemetry(stage, contract, settings);
  settings.tell('Running the queries of all panels and pages, while more dice are rolled …');
  const patience = Math.min(panelPatience, settings.patience);
  const [panels, queries] = await Promise.all([
    checkPanels(stage, contract.empty_panels, patience),
    checkPageQueries(stage, patience),
    rollForPanels(stage, usersOfRounds(stage)[0]),
  ]);
  return [...telemetry, ...panels, ...queries];
}

/**
 * Drives traffic at a running stage, and compares its telemetry with a contract: the stage's own, from readContract(), or
 * that one as somebody has amended it. findingsOf() lists what is wrong as data.
 * @throws Problem when the traffic fails, or for a service that the stage does not have
 */
export async function verifyTelemetry(stage: RunningStage, contract: Contract, settings: Settings): Promise<Check[]> {
  refuseUnknownServices(contract, stage);
  const { full, patience, tell } = settings;
  const memory = withMemory(readersOf(stage));
  if (full) {
    tell('Causing what ordinary traffic does not:');
    await bringAbout(stage, contract, memory, tell);
  }
  // A published port is all that Docker lets us take, so what needs more stays unchecked there.
  const demanded = full && stage.how === 'native' ? demandAll(contract) : contract;
  let checks: Check[] = [];
  for (const [index, users] of usersOfRounds(stage).entries()) {
    const seed = String(index + 1);
    tell(`Rolling dice (SEED=${seed}) and making the requests that telemetry.yaml lists …`);
    const round = await driveRound(stage, contract, seed, users);
    tell('Reading the telemetry …');
    checks = await observe(demanded, memory.readers, round, patience);
    if (!checks.some(isPending)) break;
  }
  return checks;
}

function refuseUnknownServices({ services }: Contract, stage: RunningStage): void {
  const own = [...stage.services.map(({ name }) => name), ...stage.jobs];
  const unknown = Object.keys(services).filter((name) => !own.includes(name));
  if (unknown.length === 0) return;
  throw new Problem(`telemetry.yaml declares ${unknown.join(', ')}; compose.yaml builds no service of that name.`);
}
