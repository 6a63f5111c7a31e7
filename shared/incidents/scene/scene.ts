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
   * Puts our relays between all services, so that a later disturbance needs no restart that would give it away.
   * With Docker, nothing happens.
   */
  prepare: () => Promise<void>;
  /**
   * The relay that carries everything one service sends to another.
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
   * Lets all services run as compose.yaml says, including those that somebody stopped. It may be called several times, and
   * from another process than the one that prepared the stage.
   */
  restore: () => Promise<void>;
  /** Ends the processes and relays that we started. */
  close: () => Promise<void>;
}
