import type { Control } from '../../drill/control/control.ts';
import type { RunningStage } from '../../verify/stage/running-stage.ts';
import type { Client } from './client-process.ts';
import type { Relay } from './relay.ts';

/** What an incident works with: a running stage, and ways to disturb it. */
export interface Scene {
  stage: RunningStage;
  control: Control;
  client: Client;
  /**
   * Puts ourselves between all services, so that a disturbance needs no restart that would give it away.
   * With Docker, nothing happens.
   */
  prepare: () => Promise<void>;
  /**
   * The relay that all goes through which a service sends to another.
   * @throws Problem where there is none
   */
  relay: (from: string, to: string) => Relay;
  /**
   * Restarts a service with some variables changed, natively.
   * @throws Problem with Docker
   */
  redeploy: (service: string, environment: Record<string, string>) => Promise<void>;
  /** Stops all of a service's processes where they are, or resumes them. */
  freeze: (service: string) => Promise<void>;
  unfreeze: (service: string) => Promise<void>;
  /** Differs from one life of the service to the next; nothing while it is down. */
  life: (service: string) => Promise<string | undefined>;
  /**
   * Lets all services run as compose.yaml says, those too that somebody has stopped: also after a crash of ours, and
   * however often.
   */
  restore: () => Promise<void>;
  /** Ends what we have started ourselves. */
  close: () => Promise<void>;
}
