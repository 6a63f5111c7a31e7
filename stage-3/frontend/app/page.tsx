import { config } from '../lib/config.ts';
import { fetchDice } from '../lib/die-service.ts';
import { RollForm } from './roll-form.tsx';

// Made for each view, because the dice and Grafana's address are known only when the server runs.
export const dynamic = 'force-dynamic';

export default async function Page() {
  return (
    <main>
      <h1>Dice Roller</h1>
      <RollForm dieTypes={await fetchDice()} grafanaUrl={config.grafanaUrl} />
    </main>
  );
}
