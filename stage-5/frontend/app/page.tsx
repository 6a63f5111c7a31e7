import { config } from '../lib/config.ts';
import { fetchDice } from '../lib/die-service.ts';
import { RollForm } from './roll-form.tsx';

// Made for each view, because Grafana's address is known only when the server runs.
export const dynamic = 'force-dynamic';

export default async function Page() {
  const dieTypes = await fetchDice();

  return (
    <main>
      <h1>Dice Roller</h1>
      <RollForm dieTypes={dieTypes} grafanaUrl={config.grafanaUrl} />
    </main>
  );
}
