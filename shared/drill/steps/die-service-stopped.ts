import { openLoad } from '../load/load.ts';
import { percentile, sentBetween, tally, type Shot } from '../load/shot.ts';
import { diceRoller } from '../load/target.ts';
import { signIn } from '../sign-in.ts';
import { figure, judge, type Drill, type Finding, type Step } from '../step.ts';
import { serviceOf, until, untilAlive } from './wait.ts';

const dieService = 'die-service';
const frontend = 'frontend';
/** dice-roller waits two seconds for die-service; the rest is its own time. */
const longestAnswer = 2500;
const longestRecovery = 5000;

/** Callers of a service that is down lose an answer, and nothing else. */
export const dieServiceStopped: Step = {
  name: 'die-service',
  title: 'die-service is stopped under load',
  needs: [diceRoller.service, dieService, frontend],
  run: async (drill) => {
    const callers = [diceRoller.service, frontend];
    const lives = await Promise.all(callers.map((name) => drill.control.look(name)));
    const load = openLoad(serviceOf(drill, diceRoller.service).url, diceRoller);
    try {
      const findings = [...(await outage(drill, load.shots)), await recovery(drill, load.shots)];
      const after = await Promise.all(callers.map((name) => drill.control.look(name)));
      const same = callers.filter((_, index) => after[index]!.id === lives[index]!.id);
      return [...findings, judge(same.length === callers.length, 'no caller was restarted', `as before: ${same}`)];
    } finally {
      await load.end();
    }
  },
};

async function outage(drill: Drill, shots: Shot[]): Promise<Finding[]> {
  const { control, signal, settings, did } = drill;
  const pause = (): Promise<unknown> => until(async () => false, settings.phase, signal);
  did(`Put ${diceRoller.service} under load: 60 requests a second`);
  await pause();
  await control.stop(dieService);
  const stopped = Date.now();
  did(`Stopped ${dieService}, and went on for ${settings.phase / 1000} s`);
  await pause();
  const page = await pageFindings(drill);
  const during = sentBetween(shots, stopped, Date.now() - longestAnswer);
  const slowest = percentile(during, 1);
  const refused = during.filter(({ status }) => status === 503);
  return [
    judge(during.length > 0 && refused.length === during.length, 'every roll is answered with 503', tally(during)),
    judge(slowest <= longestAnswer, 'each within 2.5 s', `slowest after ${slowest.toFixed(0)} ms`),
    figure('median time of these answers', `${percentile(during, 0.5).toFixed(0)} ms`),
    ...page,
  ];
}

async function pageFindings(drill: Drill): Promise<Finding[]> {
  const service = serviceOf(drill, frontend);
  const headers = await signIn(drill.stage, service);
  const page = await (await fetch(service.url, { headers })).text();
  const click = await fetch(`${service.url}/api/roll?die=fair`, { headers });
  const says = page.includes('die-service does not answer');
  return [
    judge(says, 'the page says so', says ? '"There are no dice: die-service does not answer."' : 'it does not'),
    judge(click.status === 503, 'a click shows the 503 unchanged', `${click.status} ${await click.text()}`),
  ];
}

async function recovery(drill: Drill, shots: Shot[]): Promise<Finding> {
  const { control, signal, did } = drill;
  await control.start(dieService);
  await untilAlive(serviceOf(drill, dieService), signal);
  const returned = Date.now();
  did(`Started ${dieService} again`);
  const firstRoll = (): Shot | undefined =>
    shots.find(({ answeredAt, status }) => status === 200 && answeredAt! > returned);
  const recovered = await until(async () => firstRoll() !== undefined, longestRecovery, signal);
  const took = recovered
    ? `first roll ${(firstRoll()!.answeredAt! - returned).toFixed(0)} ms after its return`
    : 'no roll';
  return judge(recovered, 'rolls succeed within 5 s of its return', took);
}
