import { signIn } from '../../drill/sign-in.ts';
import { newCaller } from '../drive/caller.ts';
import { openDatabase } from '../stage/database.ts';
import { ask, linesOf, serviceOf, standIn, until, untilPrinted, whileDown, type Cause, type Scene } from './scene.ts';

const dieService = 'die-service';

/** What the front end is asked as somebody who is signed in, where that is needed. */
async function click(scene: Scene, path: string, init: RequestInit = {}): Promise<void> {
  const { stage } = scene;
  const frontend = stage.services.find(({ name }) => name === 'frontend');
  if (!frontend) return;
  const headers = await signIn(stage, frontend).catch(() => ({}));
  await ask(frontend.url + path, { ...init, headers: { ...headers, ...init.headers } });
}

/** Sends a form as a browser without scripts does. */
function sendForm(scene: Scene, path: string, body: string): Promise<void> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };
  return click(scene, path, { method: 'POST', headers, body, redirect: 'manual' });
}

/** What is rolled in every way that the stage has. */
async function rollAll(scene: Scene): Promise<void> {
  const { url } = serviceOf(scene, 'dice-roller');
  const paths = ['/roll?die=fair', '/roll?die=risky', '/roll?die=loaded', '/roll-async?die=fair&times=2'];
  await Promise.all([
    ...paths.map((path) => ask(url + path)),
    click(scene, '/api/roll?die=fair'),
    click(scene, '/api/roll?die=fair&times=2&async=true'),
    click(scene, '/'),
    sendForm(scene, '/run', 'die=fair'),
  ]);
}

/** A service that finds its port taken cannot start; then it can. */
async function startsLate(scene: Scene, service: string): Promise<void> {
  const { control } = scene;
  const { url } = serviceOf(scene, service);
  await standIn(url, undefined, () => untilPrinted(scene, service, 'Application failed', () => start(scene, service)));
  await control.stop(service);
}

function start({ control }: Scene, service: string): Promise<void> {
  return control.start(service).catch(() => undefined);
}

function down(service: string): Cause {
  return {
    title: `${service} is down, and its port is taken when it starts`,
    needs: [service],
    run: (scene) =>
      whileDown(scene, service, async () => {
        await rollAll(scene);
        if (scene.stage.how === 'native') await startsLate(scene, service);
      }),
  };
}

const collector = 'otel-collector';

/** What each service is asked, so that it has a span to send. */
const paths: Record<string, string> = {
  'dice-roller': '/roll?die=fair',
  frontend: '/api/roll?die=fair',
  'die-service': '/dice',
};

const collectorRefuses: Cause = {
  title: 'the collector refuses what it gets',
  needs: [collector],
  run: (scene) =>
    whileDown(scene, collector, async () => {
      const { stage } = scene;
      const fails = (): Promise<unknown> =>
        Promise.all(
          stage.services.map(({ name }) =>
            untilPrinted(scene, name, 'Telemetry error', () => askInLostTrace(scene, name)),
          ),
        );
      // Where it can be had, an answer that no exporter asks for again spares the wait.
      await (stage.receiver ? standIn(stage.receiver, 400, fails) : fails());
    }),
};

async function askInLostTrace(scene: Scene, service: string): Promise<void> {
  const { traceId, traceparent } = newCaller();
  scene.memory.ignored.add(traceId);
  await ask(serviceOf(scene, service).url + (paths[service] ?? '/'), { headers: { traceparent } });
}

const dieServiceSilent: Cause = {
  title: 'die-service answers only after its caller has given up',
  needs: ['die-service'],
  run: async (scene) => {
    const { control } = scene;
    await control.pause(dieService);
    try {
      await ask(`${serviceOf(scene, 'dice-roller').url}/roll?die=fair`);
    } finally {
      await control.unpause(dieService);
    }
  },
};

const longIdentifier: Cause = {
  title: 'an identifier is too long to be passed on',
  needs: ['die-service'],
  // Each of these takes three characters when dice-roller passes it on, and a header may have 16 KiB.
  run: async (scene) => void (await ask(`${serviceOf(scene, 'dice-roller').url}/roll?die=${'|'.repeat(8000)}`)),
};

const pastTheFrontEnd: Cause = {
  title: 'the traffic generator bypasses the front end',
  needs: ['frontend'],
  run: ({ stage }) => stage.runTraffic({ TARGET: 'backend', NUM_USERS: '2', MAX_REQUESTS_PER_USER: '2', SEED: 'full' }),
};

const withoutScripts: Cause = {
  title: 'a browser without scripts signs in and out',
  needs: ['usage'],
  run: async (scene) => {
    await sendForm(scene, '/api/sign-in', 'name=verify');
    await sendForm(scene, '/api/sign-out', '');
  },
};

/** The routes that take a form from the page. */
const forms = ['/run', '/api/sign-in', '/api/sign-out'];

const formsFromElsewhere: Cause = {
  title: 'forms are sent from elsewhere, and are too long',
  needs: ['frontend'],
  run: async (scene) => {
    const { url } = serviceOf(scene, 'frontend');
    const names = scene.contract.services.frontend?.spans.map(({ name }) => name) ?? [];
    const headers = { 'sec-fetch-site': 'cross-site' };
    const taken = forms.filter((form) => names.includes(`POST ${form}`));
    const body = 'x'.repeat(100_000);
    await Promise.all(taken.map((form) => ask(url + form, { method: 'POST', headers, body })));
  },
};

const nextComplains: Cause = {
  title: 'Next.js is asked for something that it does not have',
  needs: ['frontend'],
  run: async (scene) => {
    const { url } = serviceOf(scene, 'frontend');
    await ask(url, { method: 'POST', headers: { 'next-action': 'none', 'content-type': 'text/plain' }, body: '[]' });
    // It does not resize what is no raster image.
    await ask(`${url}/_next/image?url=%2Ficon.svg&w=64&q=75`);
  },
};

const database = 'postgres';

async function askDice(scene: Scene): Promise<(number | undefined)[]> {
  const { url } = serviceOf(scene, dieService);
  return Promise.all(['/dice', '/dice?identifier=fair'].map((path) => ask(url + path)));
}

const databaseDown: Cause = {
  title: 'the database is down, and comes back',
  needs: [database, dieService],
  run: async (scene) => {
    await whileDown(scene, database, () => Promise.all([askDice(scene), click(scene, '/')]));
    await until('die-service answers again', async () => (await askDice(scene)).every((status) => status === 200));
  },
};

const startWithoutDatabase: Cause = {
  title: 'die-service and seed start without the database',
  needs: [database, dieService],
  run: async (scene) => {
    const { stage, control } = scene;
    let seeding: Promise<unknown> | undefined;
    await whileDown(scene, database, async () => {
      await whileDown(scene, dieService, async () => undefined);
      await untilPrinted(scene, dieService, 'Database query failed', () => askDice(scene));
      if (!stage.jobs.includes('seed')) return;
      await untilPrinted(scene, 'seed', 'Database connection failed', async () => {
        seeding ??= control.start('seed').catch(() => undefined);
      });
    });
    await seeding;
    await until('die-service answers again', async () => (await askDice(scene)).every((status) => status === 200));
  },
};

const poolExhausted: Cause = {
  title: 'more queries come than the pool has connections',
  needs: [database, dieService],
  run: async (scene) => {
    const burst = (path: string): Promise<unknown> => {
      const { url } = serviceOf(scene, dieService);
      return Promise.all(Array.from({ length: 60 }, () => ask(url + path)));
    };
    for (const path of ['/dice', '/dice?identifier=fair']) {
      await untilPrinted(scene, dieService, 'Database connection pool exhausted', () => burst(path));
    }
  },
};

/** Starts die-service anew, and waits until it has said something that belongs to no request. */
async function restartWith(scene: Scene, message: string): Promise<void> {
  const isOfStart = (line: string): boolean => line.includes(`"message":"${message}"`) && !line.includes('"trace_id"');
  const count = async (): Promise<number> => (await linesOf(scene, dieService)).filter(isOfStart).length;
  const before = await count();
  await whileDown(scene, dieService, async () => undefined);
  await until(`die-service prints "${message}" at its start`, async () => (await count()) > before);
}

const wrongRow: Cause = {
  title: 'the table has a row that is not a valid die',
  needs: [database, dieService],
  run: async (scene) => {
    const sql = openDatabase(scene.stage);
    try {
      await sql`INSERT INTO die_specifications VALUES ('broken', NULL, 0)`;
      const { url } = serviceOf(scene, dieService);
      await Promise.all([ask(`${url}/dice`), ask(`${url}/dice?identifier=broken`)]);
      await restartWith(scene, 'Die specification invalid');
    } finally {
      await sql`DELETE FROM die_specifications WHERE identifier = 'broken'`.finally(() => sql.end());
    }
  },
};

/** In their order, so that none disturbs what another needs. */
export const causes: Cause[] = [
  dieServiceSilent,
  longIdentifier,
  pastTheFrontEnd,
  withoutScripts,
  formsFromElsewhere,
  nextComplains,
  poolExhausted,
  wrongRow,
  databaseDown,
  startWithoutDatabase,
  down('die-service'),
  down('dice-roller'),
  down('frontend'),
  collectorRefuses,
];
