import type { ComposeFile } from '../runtime/compose/compose-file.ts';
import type { Span } from '../runtime/receiver/model.ts';
import type { Cause } from './causes.ts';
import type { Scene } from './scene/scene.ts';

/** One thing that can go wrong in a running stage, by means outside its services' code. */
export interface Incident {
  /** Differs from all others. It is written down only as a salted hash. */
  name: string;
  cause: Cause;
  /** Each of these is a right answer to where it is: a network is between two services. */
  services: string[];
  /** What a user says. */
  complaint: string;
  /** Whether a stage has what it takes. */
  isOfferedBy: (file: ComposeFile) => boolean;
  /** Why it cannot be brought about with Docker, if it cannot. */
  nativeOnly?: string;
  /** Makes it happen until the signal is given or somebody has repaired it. It does not throw when it was repaired. */
  run: (scene: Scene, signal: AbortSignal) => Promise<void>;
  /** Restores what outlives `run`. Any process may call it, several times. */
  restore?: (scene: Scene) => Promise<void>;
  /** Whether a trace shows it, by all spans of that trace. */
  isSymptom: (spans: Span[]) => boolean;
  /** Where to look next for what was answered wrongly. Never says what it is. */
  look: { service: string; cause: string; trace: string };
}

/** Offers an incident to stages that have these services. */
export function having(...services: string[]): Incident['isOfferedBy'] {
  return (file) => services.every((name) => file.services.some((service) => service.name === name));
}
