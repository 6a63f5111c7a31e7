import type { Incident } from '../incident.ts';
import { aborted } from '../scene/pause.ts';

/** Users complain of nothing, too. */
export const nothing: Incident = {
  name: 'nothing',
  cause: 'none',
  services: ['none'],
  complaint: 'I think rolls have been slow for a while, and one of them failed.',
  isOfferedBy: () => true,
  run: (_scene, signal) => aborted(signal),
  isSymptom: () => false,
  look: {
    service: 'Compare each service before and after: rates, errors, durations. Which one has changed, and by how much?',
    cause: 'Compare what the user says with how the stage behaves on any other day.',
    trace: 'Compare the trace with an earlier one that you know to be fine. Does it differ?',
  },
};
