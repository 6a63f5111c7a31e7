import type postgres from 'postgres';
import { openDatabase } from '../../verify/stage/database.ts';
import { having, type Incident } from '../incident.ts';
import type { Scene } from '../scene/scene.ts';
import { answersOf, has } from '../symptoms.ts';

type Sql = ReturnType<typeof postgres>;

/** Changes the table once; changing it back repairs it. */
function change(statement: (sql: Sql) => PromiseLike<unknown>): Incident['run'] {
  return async ({ stage }) => {
    const sql = openDatabase(stage);
    await statement(sql).then(undefined, () => undefined);
    await sql.end({ timeout: 1 });
  };
}

/** The job writes what dice.json says, over whatever is there. */
const restore = ({ control }: Scene): Promise<void> => control.start('seed');

const shared = {
  cause: 'wrong-data',
  services: ['postgres'],
  isOfferedBy: having('postgres', 'seed'),
  restore,
} as const;

const wrongFaces: Incident = {
  ...shared,
  services: ['postgres'],
  name: 'fair die with other faces',
  complaint: 'The game has become strange. I have lost three times in a row, and my friend has won with a new record.',
  run: change((sql) => sql`UPDATE die_specifications SET faces = '{1,2,2,3,3,8}' WHERE identifier = 'fair'`),
  isSymptom: (spans) => spans.some((span) => has(span, 'die.result', 8)),
  look: {
    service: 'The services do what they are given to work with. Who gives it to them?',
    cause: 'No request fails and none is slow. Look at the values that are rolled, before and after.',
    trace: 'Compare the results of rolls in the log or on the spans with what the die can show.',
  },
};

const missingDie: Incident = {
  ...shared,
  services: ['postgres'],
  name: 'risky die deleted',
  complaint: 'I cannot roll my favorite die anymore.',
  run: change((sql) => sql`DELETE FROM die_specifications WHERE identifier = 'risky'`),
  isSymptom: (spans) =>
    answersOf('die-service', spans).some(
      (span) => has(span, 'die.identifier', 'risky') && has(span, 'die.found', false),
    ),
  look: {
    service: 'Two services say no. The second one only passes on what it has found. Where did it look?',
    cause: 'Which die is it, since when, and did anybody ask for it before?',
    trace: 'Search for traces in which a service answered 400 or 404.',
  },
};

export const rowIncidents = [wrongFaces, missingDie];
