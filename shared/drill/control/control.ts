import { messageOf, Problem } from '../../runtime/problem.ts';

/** One service at one moment. */
export interface Life {
  running: boolean;
  /** Differs from one life of the service to the next. */
  id: string;
  /** How its last life ended, in words, if one has. */
  ended?: string;
}

/** Handles single services of a running stage, by Docker or natively. */
export interface Control {
  /** SIGTERM, and SIGKILL after the service's grace period; returns when it has ended. It stays down. */
  stop: (service: string) => Promise<void>;
  /** Starts what was stopped or killed. It may still have to become ready. */
  start: (service: string) => Promise<void>;
  /** SIGKILL. */
  kill: (service: string) => Promise<void>;
  /** Freezes it: it keeps its connections and answers nothing. */
  pause: (service: string) => Promise<void>;
  unpause: (service: string) => Promise<void>;
  look: (service: string) => Promise<Life>;
  /** Memory in use, in MiB, or nothing where it cannot be read. */
  memory: (service: string) => Promise<number | undefined>;
  /** Why a restart policy does not apply to `kill` here, if it does not. */
  withoutPolicy?: string;
}

/**
 * A control that remembers what it must restore: services that it stopped or killed and that are not running again yet.
 */
export interface CarefulControl extends Control {
  /**
   * Starts everything that is not running again yet.
   * @throws Problem naming what could not be started
   */
  restore: () => Promise<void>;
}

/** Remembers what is stopped or killed before it happens, so that an interruption cannot come in between. */
export function careful(control: Control): CarefulControl {
  const owed = new Set<string>();
  const frozen = new Set<string>();
  return {
    ...control,
    pause: (service) => (frozen.add(service), control.pause(service)),
    unpause: async (service) => void (await control.unpause(service), frozen.delete(service)),
    stop: (service) => (owed.add(service), control.stop(service)),
    kill: (service) => (owed.add(service), control.kill(service)),
    restore: async () => {
      const faults = [
        ...(await forEach(frozen, (service) => control.unpause(service))),
        ...(await forEach(owed, (service) => startAgain(control, service))),
      ];
      if (faults.length > 0) throw new Problem(faults.join('\n'));
    },
  };
}

/** Does something for each service, and forgets those where it worked. Returns why it did not for the others. */
async function forEach(services: Set<string>, act: (service: string) => Promise<void>): Promise<string[]> {
  const faults: string[] = [];
  for (const service of services) {
    await act(service).then(
      () => services.delete(service),
      (error) => faults.push(messageOf(error)),
    );
  }
  return faults;
}

async function startAgain(control: Control, service: string): Promise<void> {
  try {
    if (!(await control.look(service)).running) await control.start(service);
  } catch (error) {
    throw new Problem(`${service} was stopped and could not be started again: ${messageOf(error)}`);
  }
}
