import { readFileSync, rmSync } from 'node:fs';
import type { Plan } from '../plan/plan.ts';
import { messageOf } from '../problem.ts';
import { takeOrders } from './supervisor-orders.ts';
import { startStage } from './stage.ts';

// The process that owns a running stage. `up` starts it in its own session, with the plan's file as its argument; from
// then on both speak through the state file.

const [, , planFile = ''] = process.argv;
const plan: Plan = JSON.parse(readFileSync(planFile, 'utf8'));
// It contains the passwords that compose.yaml was given.
rmSync(planFile);

const stage = await startStage(plan);

let ending: Promise<never> | undefined;
const end = (failure?: string): Promise<never> =>
  (ending ??= stage.stop(failure).then(() => process.exit(failure === undefined ? 0 : 1)));

process.on('SIGTERM', () => void end());
process.on('SIGINT', () => void end());
takeOrders(plan.stage, stage.obey);
// The terminal that started the stage was closed; the stage keeps running.
process.on('SIGHUP', () => undefined);

stage.ready.catch((error: unknown) => end(messageOf(error)));
