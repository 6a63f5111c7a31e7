import type { Shot } from './shot.ts';

/** A service that is put under load, and what is right for it to answer. */
export interface Target {
  service: string;
  /** Asked in turn. */
  paths: string[];
  /** One of these paths, which is answered at once: its duration shows any other delay. */
  quick: string;
  /** Whether an answer is as it should be; the failures that a service is meant to have are. */
  isRight: (path: string, status: number, body: string) => boolean;
  /** The message of the last log line of a request, by the status that it was answered with. */
  lastLine: Record<number, string>;
}

export const diceRoller: Target = {
  service: 'dice-roller',
  paths: ['/roll?die=fair', '/roll?die=risky', '/roll?die=loaded'],
  quick: '/roll?die=loaded',
  isRight: (path, status, body) => {
    if (path.endsWith('=loaded')) return status === 400;
    return status === 200 || (path.endsWith('=risky') && isOwnFailure(status, body));
  },
  lastLine: { 200: 'Die rolled', 400: 'Invalid die type', 500: 'Request failed' },
};

/** The risky die's failure, which is no fault of the service. */
export function isOwnFailure(status: number, body: string): boolean {
  return status === 500 && body.includes('The risky die failed');
}

/** The answered requests whose answer is wrong, and those without an answer. */
export function wrongAnswers({ isRight }: Target, shots: Shot[]): Shot[] {
  return shots.filter(({ path, status, body }) => status === undefined || !isRight(path, status, body ?? ''));
}
