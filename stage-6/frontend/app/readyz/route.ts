import { config } from '../../lib/config.ts';
import { isAlive } from '../../lib/send.ts';

export async function GET(): Promise<Response> {
  const [diceRoller, dieService] = await Promise.all([isAlive(config.diceRollerUrl), isAlive(config.dieServiceUrl)]);
  const states = { 'dice-roller': diceRoller ? 'ok' : 'down', 'die-service': dieService ? 'ok' : 'down' };

  return Response.json(states, { status: diceRoller && dieService ? 200 : 503 });
}
