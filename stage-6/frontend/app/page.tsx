import { config } from '../lib/config.ts';
import { fetchDice } from '../lib/die-service.ts';
import { readSession } from '../lib/session.ts';
import { RollForm } from './roll-form.tsx';
import { SessionForm } from './session-form.tsx';
import { SignIn } from './sign-in.tsx';

// Made for each view, because Grafana's address is known only when the server runs.
export const dynamic = 'force-dynamic';

export default async function Page() {
  const session = await readSession();
  if (!session) return <SignIn />;

  const dieTypes = await fetchDice();

  return (
    <main>
      <h1>Dice Roller</h1>
      <SessionForm action="/api/sign-out" button="Sign out">
        <span id="user">{`Signed in as ${session.user}`}</span>
      </SessionForm>
      <RollForm dieTypes={dieTypes} grafanaUrl={config.grafanaUrl} />
    </main>
  );
}
