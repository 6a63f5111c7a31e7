import { config } from '../lib/config.ts';
import { fetchDice } from '../lib/die-service.ts';
import { outcomes } from '../lib/outcome.ts';
import { readSession } from '../lib/session.ts';
import { RollForm } from './roll-form.tsx';
import { SignIn, SignOut } from './sign-in.tsx';

export default async function Page({ searchParams }: { searchParams: Promise<{ outcome?: string }> }) {
  const { outcome } = await searchParams;
  const session = await readSession();
  if (!session) return <SignIn refusal={outcomes.get(outcome)?.output} />;

  const dieTypes = await fetchDice();

  return (
    <main>
      <h1>Dice Roller</h1>
      <SignOut user={session.user} />
      <RollForm dieTypes={dieTypes} grafanaUrl={config.grafanaUrl} outcome={outcomes.get(outcome)} />
    </main>
  );
}
