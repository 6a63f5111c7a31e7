import type { Span } from '../../runtime/receiver/model.ts';
import { having, type Incident } from '../incident.ts';
import { aborted } from '../scene/pause.ts';
import { answersOf, callsOf } from '../symptoms.ts';

const collector = 'otel-collector';

/** A call that was answered, but no span of the service that answered it. */
function isIncomplete(from: string, to: string, spans: Span[]): boolean {
  const answered = callsOf(from, spans).filter((call) => 'http.response.status_code' in call.attributes);
  return answered.length > 0 && answersOf(to, spans).length === 0;
}

function lost(service: string, caller: string): Incident {
  return {
    name: `spans of ${service} lost`,
    cause: 'lost-telemetry',
    services: [service, collector],
    complaint: 'The game works. But when we look into a complaint, we no longer find everything.',
    isOfferedBy: having(service, caller, collector),
    nativeOnly: 'nothing sits between a container and the collector that could lose anything',
    run: async ({ relay }, signal) => {
      relay(service, collector).disturb({ swallows: true });
      await aborted(signal);
      relay(service, collector).disturb({});
    },
    // A list of dice is fetched in a trace without the other service.
    isSymptom: (spans) =>
      spans.some(({ name }) => name.startsWith('GET /roll') || name === 'button click') &&
      isIncomplete(caller, service, spans),
    look: {
      service: 'Which service takes part in every request according to its metrics and its log, but not its spans?',
      cause: 'Users notice nothing. Compare what the three signals say about the same minute.',
      trace: 'Compare a trace from before with one of the same kind from after. Count their services.',
    },
  };
}

export const telemetryIncidents = [lost('die-service', 'dice-roller'), lost('dice-roller', 'frontend')];
