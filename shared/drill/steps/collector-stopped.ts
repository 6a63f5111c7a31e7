import { setTimeout as sleep } from 'node:timers/promises';
import { openLoad } from '../load/load.ts';
import { percentile, sentBetween, tally, type Shot } from '../load/shot.ts';
import { diceRoller, wrongAnswers, type Target } from '../load/target.ts';
import { figure, judge, type Drill, type Finding, type Step } from '../step.ts';
import { awaitArrivals } from '../telemetry/arrivals.ts';
import { pipelineFinding } from '../telemetry/pipeline.ts';
import { placesOf } from '../telemetry/places.ts';
import { telemetryResumes } from '../telemetry/resume.ts';
import { serviceOf } from './wait.ts';

const collector = 'otel-collector';
/** For this many requests made during the outage, the drill reports whether their telemetry arrived afterwards. */
const sampled = 20;

/** Requests are answered whether or not anyone takes their telemetry. */
export const collectorStopped: Step = {
  name: 'collector',
  title: 'The collector is stopped under load',
  needs: [diceRoller.service, collector],
  run: async (drill) => {
    const { before, during, after } = await outage(drill, diceRoller);
    const all = [...before, ...during, ...after];
    const wrong = wrongAnswers(diceRoller, all);
    drill.did('Made requests until one had its span and its log lines again');
    const resumed = await telemetryResumes(drill, diceRoller);
    return [
      judge(wrong.length === 0, 'no request failed, apart from the risky die', tally(all)),
      ...latencies(before, during),
      ...resumed,
      await lateComers(drill, during),
      await pipelineFinding(drill.stage),
    ];
  },
};

async function outage(drill: Drill, target: Target): Promise<{ before: Shot[]; during: Shot[]; after: Shot[] }> {
  const { control, signal, settings, did } = drill;
  const pause = (): Promise<void> => sleep(settings.phase, undefined, { signal });
  const load = openLoad(serviceOf(drill, target.service).url, target);
  try {
    did(`Put ${target.service} under load: 60 requests a second`);
    await pause();
    const stopping = Date.now();
    await control.stop(collector);
    did(`Stopped ${collector}, and went on for ${settings.phase / 1000} s`);
    const stopped = Date.now();
    await pause();
    const starting = Date.now();
    await control.start(collector);
    did(`Started ${collector} again`);
    await pause();
    await load.end();
    return {
      before: sentBetween(load.shots, 0, stopping),
      during: sentBetween(load.shots, stopped, starting),
      after: load.shots.filter(
        (shot) => !sentBetween([shot], 0, stopping).length && !sentBetween([shot], stopped, starting).length,
      ),
    };
  } finally {
    await load.end();
  }
}

/** Rolls wait for a random time; requests that are answered at once show whether anything is delayed. */
function latencies(before: Shot[], during: Shot[]): Finding[] {
  const quick = (shots: Shot[]): Shot[] => shots.filter(({ path }) => path === diceRoller.quick);
  const ratio = (share: number): string => {
    const [first, then] = [percentile(quick(before), share), percentile(quick(during), share)];
    return `${first.toFixed(1)} ms before, ${then.toFixed(1)} ms without it: ratio ${(then / first).toFixed(2)}`;
  };
  return [
    figure('median time of an answer without a wait', ratio(0.5)),
    figure('95th percentile of the same', ratio(0.95)),
  ];
}

/** A figure, not a judgement: how much is kept while the collector is down depends on settings and on time. */
async function lateComers(drill: Drill, during: Shot[]): Promise<Finding> {
  const step = Math.max(1, Math.floor(during.length / sampled));
  const sample = during.filter((_, index) => index % step === 0).slice(0, sampled);
  const places = placesOf(drill.stage, diceRoller.service, Math.min(...sample.map(({ sentAt }) => sentAt!)) - 1000);
  const { spans, lines } = await awaitArrivals(places, diceRoller, sample, 2000, drill.signal);
  const came = (arrival: typeof spans): string =>
    'unreadable' in arrival ? arrival.unreadable : String(sample.length - arrival.missing.length);
  const saw = `of ${sample.length}, spans of ${came(spans)} and lines of ${came(lines)} came later`;
  return figure('requests made while it was stopped', saw);
}
