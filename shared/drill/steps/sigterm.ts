import { setTimeout as sleep } from 'node:timers/promises';
import { openLoad } from '../load/load.ts';
import { inFlightAt, tally, unanswered, type Shot } from '../load/shot.ts';
import { diceRoller, wrongAnswers, type Target } from '../load/target.ts';
import { figure, judge, notChecked, type Drill, type Finding, type Step } from '../step.ts';
import { awaitArrivals } from '../telemetry/arrivals.ts';
import { arrivalFindings } from '../telemetry/findings.ts';
import { placesOf, printedLines } from '../telemetry/places.ts';
import { serviceOf, until, untilAlive } from './wait.ts';

const arrivalPatience = 60_000;

/** A service that is stopped in the ordinary way loses nothing that it has begun. */
export const sigterm: Step = {
  name: 'sigterm',
  title: 'SIGTERM under load',
  needs: [diceRoller.service],
  run: async (drill) => {
    const since = Date.now();
    const { shots, asked } = await stopUnderLoad(drill, diceRoller);
    const { ended } = await drill.control.look(diceRoller.service);
    await drill.control.start(diceRoller.service);
    drill.did(`Started ${diceRoller.service} again`);
    const alive = await untilAlive(serviceOf(drill, diceRoller.service), drill.signal);
    const told = await stoppingAt(drill, diceRoller, since);
    const inFlight = inFlightAt(shots, told ?? asked);
    return [
      ...(await afterwards(drill, diceRoller, inFlight, since)),
      judge(ended === 'ended with exit code 0', 'exit code 0', ended ?? 'did not end'),
      judge(alive, 'answers again after its start', alive ? 'yes' : 'no'),
      figure('evidence of when SIGTERM arrived', told ? 'its own log line' : 'the moment before it was sent'),
      figure(
        'requests refused after shutdown began',
        tally(shots.filter((shot) => shot.fault && !inFlight.includes(shot))),
      ),
    ];
  },
};

async function stopUnderLoad(drill: Drill, { service }: Target): Promise<{ shots: Shot[]; asked: number }> {
  const { control, signal, settings, did } = drill;
  const load = openLoad(serviceOf(drill, service).url, diceRoller);
  try {
    did(`Put ${service} under load: 60 requests a second`);
    await sleep(settings.phase, undefined, { signal });
    const asked = Date.now();
    await control.stop(service);
    did(`Stopped ${service} with SIGTERM, and waited until it had ended`);
    return { shots: load.shots, asked };
  } finally {
    await load.end();
  }
}

/** The service's own line is closest to the moment when the signal arrived: Docker takes time to pass on our order. */
async function stoppingAt(drill: Drill, { service }: Target, since: number): Promise<number | undefined> {
  let moment: number | undefined;
  const find = async (): Promise<boolean> => {
    const lines = await printedLines(drill.stage, service, since).catch(() => []);
    const line = lines.findLast((text) => text.includes('"Application stopping"'));
    const time = line === undefined ? NaN : Date.parse(JSON.parse(line).timestamp);
    if (time >= since) moment = time;
    return moment !== undefined;
  };
  await until(find, 10_000, drill.signal);
  return moment;
}

async function afterwards(drill: Drill, target: Target, inFlight: Shot[], since: number): Promise<Finding[]> {
  const whose = 'the requests in flight';
  if (inFlight.length === 0) return [notChecked(`answers and telemetry of ${whose}`, 'none was in flight')];
  drill.did(`Looked for the answers, spans and lines of the ${inFlight.length} requests in flight`);
  const [left, wrong] = [unanswered(inFlight), wrongAnswers(target, inFlight)];
  const saw = `${inFlight.length - left.length} of ${inFlight.length}: ${tally(inFlight)}`;
  const answered = inFlight.filter(({ status }) => status !== undefined);
  const places = placesOf(drill.stage, target.service, since);
  const arrivals = await awaitArrivals(places, target, answered, arrivalPatience, drill.signal);
  return [
    judge(wrong.length === 0, 'every request in flight was answered', saw),
    ...arrivalFindings(whose, answered, arrivals),
  ];
}
