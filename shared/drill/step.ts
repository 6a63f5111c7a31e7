import type { RunningStage } from '../verify/stage/running-stage.ts';
import type { Control } from './control/control.ts';

export type Outcome = 'passed' | 'failed' | 'not checked' | 'figure';

/** One thing that a step saw. A figure is only reported. */
export interface Finding {
  outcome: Outcome;
  what: string;
  saw: string;
}

export interface Settings {
  /** How many hostile requests. */
  requests: number;
  seed: string;
  /** Milliseconds that each phase of ordinary load lasts. */
  phase: number;
}

/** What a step works with. */
export interface Drill {
  stage: RunningStage;
  control: Control;
  settings: Settings;
  /** Given when the drill is interrupted; every wait ends then. */
  signal: AbortSignal;
  /** Says what is being done. */
  did: (text: string) => void;
}

/** One step of a drill. What it stops, the drill starts again, however the step ends. */
export interface Step {
  /** For `--only`. */
  name: string;
  title: string;
  /** Services of compose.yaml without which a stage does not have this step. */
  needs: string[];
  run: (drill: Drill) => Promise<Finding[]>;
}

/** A condition that must hold. */
export function judge(holds: boolean, what: string, saw: string): Finding {
  return { outcome: holds ? 'passed' : 'failed', what, saw };
}

/** A condition that could not be checked, and why. */
export function notChecked(what: string, why: string): Finding {
  return { outcome: 'not checked', what, saw: why };
}

export function figure(what: string, saw: string): Finding {
  return { outcome: 'figure', what, saw };
}
