import type { Span } from '../../runtime/receiver/model.ts';
import { having, type Incident } from '../incident.ts';
import { pause } from '../scene/pause.ts';
import type { Scene } from '../scene/scene.ts';
import { answersOf, callsOf, gap } from '../symptoms.ts';

interface Rhythm {
  /** Milliseconds. */
  frozen: number;
  running: number;
}

/** Freezes a service again and again, until it is restarted. */
function freezing(service: string, { frozen, running }: Rhythm): Incident['run'] {
  return async (scene, signal) => {
    const life = await scene.life(service);
    while (!signal.aborted && life !== undefined && (await scene.life(service)) === life) {
      await scene.freeze(service);
      await pause(frozen, signal);
      await scene.unfreeze(service);
      await pause(running, signal);
    }
  };
}

const restoring = (service: string) => (scene: Scene) => scene.unfreeze(service);

const seconds = { frozen: 6000, running: 6000 };
/** A fifteenth of a CPU. */
const share = { frozen: 280, running: 20 };

function frozen(service: string, needs: string[], isSymptom: (spans: Span[]) => boolean): Incident {
  return {
    name: `${service} frozen`,
    cause: 'frozen-process',
    services: [service],
    complaint: 'From time to time everything hangs, for me and for my colleagues at the same moment.',
    isOfferedBy: having(service, ...needs),
    run: freezing(service, seconds),
    restore: restoring(service),
    isSymptom,
    look: {
      service: 'When it hangs, which is the last service that has a span, and which one should have had the next?',
      cause:
        'Look at the state of the processes while it hangs, and whether their metrics are scraped in the meantime.',
      trace: 'Choose a trace that ran into a timeout, or the longest one.',
    },
  };
}

function starved(service: string, isSymptom: (spans: Span[]) => boolean): Incident {
  return {
    name: `${service} starved`,
    cause: 'starved-cpu',
    services: [service],
    complaint: 'Everything takes a little longer than it should, all the time.',
    isOfferedBy: having(service),
    nativeOnly: 'Docker would show the limit in the state of the container',
    run: freezing(service, share),
    restore: restoring(service),
    isSymptom,
    look: {
      service: 'Which service is slow in everything it does, with every one of its neighbors?',
      cause: 'Ask each service directly (curl …/healthz), several times. Does the slow one take long even for that?',
      trace: 'Choose a trace with gaps before and after the spans of one service.',
    },
  };
}

export const processIncidents = [
  frozen('die-service', ['dice-roller'], (spans) =>
    callsOf('dice-roller', spans).some((call) => call.durationMs > 1000),
  ),
  frozen('dice-roller', ['frontend'], (spans) => callsOf('frontend', spans).some((call) => call.durationMs > 2000)),
  frozen('postgres', ['die-service'], (spans) => answersOf('die-service', spans).some((span) => span.durationMs > 700)),
  starved(
    'dice-roller',
    (spans) => gap('frontend', 'dice-roller', spans) > 100 || gap('dice-roller', 'die-service', spans) > 100,
  ),
  starved('die-service', (spans) => gap('dice-roller', 'die-service', spans) > 100),
];
