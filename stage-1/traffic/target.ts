import { findService, request, type Answer } from './request.ts';

// Where the requests go.
export interface Target {
  roll: (die: string) => Promise<Answer>;
}

export async function findTarget(): Promise<Target> {
  const address = await findService('dice-roller', 'DICE_ROLLER_URL', 'http://127.0.0.1:8000');

  return { roll: (die) => request(`${address}/roll?die=${die}`) };
}
