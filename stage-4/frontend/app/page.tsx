import { config } from '../lib/config.ts';
import { fetchDice } from '../lib/die-service.ts';
import { outcomes } from '../lib/outcome.ts';
import { RollForm } from './roll-form.tsx';

export default async function Page({ searchParams }: { searchParams: Promise<{ outcome?: string }> }) {
  const { outcome } = await searchParams;
  const dieTypes = await fetchDice();

  return (
    <main>
      <h1>Dice Roller</h1>
      <RollForm dieTypes={dieTypes} grafanaUrl={config.grafanaUrl} outcome={outcomes.get(outcome)} />
    </main>
  );
}
