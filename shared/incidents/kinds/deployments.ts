import type { Span } from '../../runtime/receiver/model.ts';
import { having, type Incident } from '../incident.ts';
import { aborted } from '../scene/pause.ts';
import { answersOf, callsOf, has, isUnanswered } from '../symptoms.ts';

interface Deployment {
  name: string;
  service: string;
  environment: Record<string, string>;
  complaint: string;
  isOfferedBy?: Incident['isOfferedBy'];
  isSymptom: (spans: Span[]) => boolean;
}

/** Every version says its number. */
const next = { OTEL_RESOURCE_ATTRIBUTES: 'service.version=1.1.0,deployment.environment.name=tutorial' };

function deployment({ name, service, environment, complaint, isOfferedBy, isSymptom }: Deployment): Incident {
  return {
    ...{ name, complaint, isSymptom },
    cause: 'bad-deployment',
    services: [service],
    isOfferedBy: isOfferedBy ?? having(service, 'frontend', 'dice-roller'),
    nativeOnly: 'a separate image would have to be built',
    run: async (scene, signal) => {
      // It fails if somebody stops the stage in the meantime.
      await scene.redeploy(service, { ...next, ...environment }).catch(() => undefined);
      await aborted(signal);
    },
    look: {
      service: 'Which is the first service, from the user on, whose own behavior has changed?',
      cause:
        'What happened at the moment when it began? Read the log of that minute, and what its spans say about who sent them.',
      trace: 'Choose a trace in which that service answers differently than before.',
    },
  };
}

const slowRolls = deployment({
  name: 'dice-roller that rolls slowly',
  service: 'dice-roller',
  environment: { ROLL_MAX_DELAY_MS: '4000' },
  complaint: 'It takes seconds until I see a result.',
  isSymptom: (spans) => answersOf('dice-roller', spans).some((span) => span.durationMs > 1300),
});

const smallBatches = deployment({
  name: 'dice-roller that takes small batches only',
  service: 'dice-roller',
  environment: { MAX_BATCH_SIZE: '2' },
  complaint: 'When I roll several dice at once I get an error. A single die works.',
  isOfferedBy: ({ services }) =>
    services.some(({ name, environment }) => name === 'dice-roller' && 'MAX_BATCH_SIZE' in environment),
  isSymptom: (spans) =>
    answersOf('dice-roller', spans).some(
      (span) => has(span, 'http.route', '/roll-async') && has(span, 'http.response.status_code', 400),
    ),
});

const impatientFrontend = deployment({
  name: 'front end that does not wait',
  service: 'frontend',
  environment: { BACKEND_TIMEOUT_MS: '400' },
  complaint: 'More than half of my rolls fail, and the others are answered at once.',
  isSymptom: (spans) =>
    callsOf('frontend', spans).some((call) => isUnanswered(call) && call.durationMs > 350 && call.durationMs < 2000),
});

export const deploymentIncidents = [slowRolls, smallBatches, impatientFrontend];
