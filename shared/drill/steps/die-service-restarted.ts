import { judge, type Drill, type Finding, type Step } from '../step.ts';
import { serviceOf, until, untilAlive } from './wait.ts';

const database = 'postgres';
const service = 'die-service';
const longestRecovery = 10_000;

interface Answer {
  status: number;
  body: string;
}

/** A service starts without what it depends on, says so, and finds it when it comes back. */
export const dieServiceRestarted: Step = {
  name: 'database-restart',
  title: 'die-service is restarted while PostgreSQL is stopped',
  needs: [service, database],
  run: async (drill) => {
    const { control, did } = drill;
    await control.stop(database);
    await control.stop(service);
    await control.start(service);
    did(`Stopped ${database}, and restarted ${service}`);
    await untilAlive(serviceOf(drill, service), drill.signal);
    const [ready, list] = [await ask(drill, '/readyz'), await ask(drill, '/dice')];
    const life = await control.look(service);
    await control.start(database);
    did(`Started ${database} again`);
    const findings = await recovery(drill);
    const after = await control.look(service);
    return [
      judge(ready.status === 503, 'it starts, and reports the problem', `/readyz ${ready.status} ${ready.body}`),
      judge(list.status === 503, 'it answers', `/dice ${list.status} ${list.body}`),
      ...findings,
      judge(after.id === life.id, 'it needed no further restart', after.id === life.id ? 'as before' : 'it did'),
    ];
  },
};

async function ask(drill: Drill, path: string): Promise<Answer> {
  const response = await fetch(serviceOf(drill, service).url + path);
  return { status: response.status, body: await response.text() };
}

async function recovery(drill: Drill): Promise<Finding[]> {
  const started = Date.now();
  const isReady = async (): Promise<boolean> => (await ask(drill, '/readyz')).status === 200;
  const recovered = await until(isReady, longestRecovery, drill.signal);
  const took = `${recovered ? '' : 'not '}after ${((Date.now() - started) / 1000).toFixed(1)} s`;
  const list = await ask(drill, '/dice');
  // It fetches the number of dice without being asked; until then the number was 0.
  const loaded = async (): Promise<boolean> =>
    /^die_specifications_loaded [1-9]/m.test((await ask(drill, '/metrics')).body);
  return [
    judge(recovered, 'it is ready within 10 s of the return', took),
    judge(list.status === 200, 'it knows the dice', `/dice ${list.status} ${list.body}`),
    judge(
      await until(loaded, longestRecovery, drill.signal),
      'its metrics count the dice',
      'die_specifications_loaded',
    ),
  ];
}
