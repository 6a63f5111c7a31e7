import { shoot } from '../load/load.ts';
import { diceRoller } from '../load/target.ts';
import { judge, notChecked, type Drill, type Finding, type Step } from '../step.ts';
import { countRequests, countsInPrometheus } from '../telemetry/counts.ts';
import { telemetryResumes } from '../telemetry/resume.ts';
import { serviceOf, until, untilAlive } from './wait.ts';

const policyPatience = 30_000;
/** Longer than one scrape, and longer than Prometheus takes to notice that a target has changed. */
const scrapePatience = 30_000;

const { service } = diceRoller;

/** A service that is killed comes back without help, and so does its telemetry. */
export const sigkill: Step = {
  name: 'sigkill',
  title: 'SIGKILL, and the start after it',
  needs: [service],
  run: async (drill) => {
    const before = await countBefore(drill);
    const back = await killAndReturn(drill);
    const alive = await untilAlive(serviceOf(drill, service), drill.signal);
    const counted = await countRequests(serviceOf(drill, service));
    const findings = [
      ...back,
      judge(alive, 'answers again', alive ? 'yes' : 'no'),
      judge(
        counted < before,
        'counters restart from zero at /metrics',
        `http_requests_total ${before} before, ${counted} after`,
      ),
    ];
    if (!alive) return findings;
    drill.did('Made requests until one had its span and its log lines again');
    const resumed = await telemetryResumes(drill, diceRoller);
    return [...findings, ...resumed, await prometheusStartsAnew(drill, before)];
  },
};

async function countBefore(drill: Drill): Promise<number> {
  const { url } = serviceOf(drill, service);
  const rolls = Array.from({ length: 30 }, () => shoot(url, diceRoller.paths[0]!).done);
  await Promise.all(rolls);
  return countRequests(serviceOf(drill, service));
}

async function killAndReturn({ control, signal, did }: Drill): Promise<Finding[]> {
  const life = await control.look(service);
  await control.kill(service);
  did(`Killed ${service}`);
  const isBack = async (): Promise<boolean> => {
    const { running, id } = await control.look(service);
    return running && id !== life.id;
  };
  const what = 'comes back by its restart policy';
  if (control.withoutPolicy === undefined) {
    const back = await until(isBack, policyPatience, signal);
    const { ended } = await control.look(service);
    if (!back) await control.start(service);
    return [judge(back, what, back ? `yes; before, it ${ended}` : 'no, so it was started')];
  }
  const { ended } = await control.look(service);
  await control.start(service);
  did(`Started ${service} again`);
  return [
    notChecked(what, control.withoutPolicy),
    judge(await isBack(), 'comes back when it is started', `before, it ${ended}`),
  ];
}

async function prometheusStartsAnew(drill: Drill, before: number): Promise<Finding> {
  const what = 'counters restart from zero in Prometheus';
  const read = countsInPrometheus(drill.stage, service);
  if ('missing' in read) return notChecked(what, read.missing);
  let seen = before;
  const hasFallen = async (): Promise<boolean> => (seen = await read.total()) < before;
  const fallen = await until(hasFallen, scrapePatience, drill.signal);
  return judge(fallen, what, `http_requests_total ${before} before, ${seen} after`);
}
