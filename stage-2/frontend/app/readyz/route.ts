import { config } from '../../lib/config.ts';
import { isAlive } from '../../lib/send.ts';

export async function GET(): Promise<Response> {
  const diceRoller = await isAlive(config.diceRollerUrl);

  return Response.json({ 'dice-roller': diceRoller ? 'ok' : 'down' }, { status: diceRoller ? 200 : 503 });
}
