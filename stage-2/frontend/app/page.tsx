import { config } from '../lib/config.ts';
import { dieTypes } from '../lib/dice.ts';
import { outcomes } from '../lib/outcome.ts';
import { RollForm } from './roll-form.tsx';

export default async function Page({ searchParams }: { searchParams: Promise<{ outcome?: string }> }) {
  const { outcome } = await searchParams;

  return (
    <main>
      <h1>Dice Roller</h1>
      <RollForm dieTypes={dieTypes} grafanaUrl={config.grafanaUrl} outcome={outcomes.get(outcome)} />
    </main>
  );
}
