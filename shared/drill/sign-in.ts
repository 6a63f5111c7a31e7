import { readContract } from '../verify/contract/contract.ts';
import { openCookies } from '../verify/drive/cookies.ts';
import { ask } from '../verify/read/ask.ts';
import type { OwnService, RunningStage } from '../verify/stage/running-stage.ts';

/**
 * Signs in at a service, if its contract has a sign-in.
 * @returns the headers that requests of the signed-in user have
 * @throws Refusal when the service does not take the name
 */
export async function signIn(stage: RunningStage, { name, url }: OwnService): Promise<{ cookie?: string }> {
  const usage = readContract(stage.directory).services[name]?.usage ?? [];
  const cookies = openCookies();
  if (!usage.some(({ fields }) => fields.event === 'sign-in')) return cookies.headers();
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ name: 'drill' });
  const response = await ask(`${url}/api/sign-in`, { method: 'POST', headers, body });
  cookies.keep(response);
  await response.arrayBuffer();
  return cookies.headers();
}
