import { having, type Incident } from '../incident.ts';
import type { Requests } from '../scene/client.ts';
import { aborted } from '../scene/pause.ts';
import { has } from '../symptoms.ts';

const userAgent = 'dice-board/2.3';

/** Has the client send requests until somebody ends it. */
function sending({ paths, pause }: Pick<Requests, 'paths' | 'pause'>): Incident['run'] {
  return async ({ stage, client }, signal) => {
    const { url } = stage.services.find(({ name }) => name === 'dice-roller')!;
    client.send({ url, paths, pause, userAgent });
    await Promise.race([aborted(signal), client.ended]);
    client.send({ url, paths: [], pause, userAgent });
  };
}

const look = {
  service: 'Who sends these requests? Compare the traces of one that troubles you with those of an ordinary user.',
  cause: 'Compare the rates of requests, by path, status and die, before and after.',
  trace: 'Choose a trace that does not begin where the requests of ordinary users begin.',
};

const badClient: Incident = {
  name: 'a client asks for dice that do not exist',
  cause: 'bad-client',
  services: ['client'],
  complaint: 'Our monitoring says that the share of failed requests has gone up. I have not noticed anything, though.',
  isOfferedBy: having('dice-roller'),
  run: sending({ paths: ['/roll?die=d20', '/roll?die=golden', '/roll?die=d4'], pause: 300 }),
  isSymptom: (spans) =>
    spans.some((span) => has(span, 'user_agent.original', userAgent) && has(span, 'http.response.status_code', 400)),
  look,
};

const flood: Incident = {
  name: 'a client rolls without end',
  cause: 'flood',
  services: ['client'],
  complaint: 'The bill for storing our telemetry grows, although we have no more users than last week.',
  isOfferedBy: having('dice-roller'),
  run: sending({ paths: ['/roll?die=fair'], pause: 60 }),
  isSymptom: (spans) =>
    spans.some((span) => has(span, 'user_agent.original', userAgent) && has(span, 'http.response.status_code', 200)),
  look,
};

export const clientIncidents = [badClient, flood];
