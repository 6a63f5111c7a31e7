import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { openReceiver, type Receiver } from '../../receiver/receiver.ts';
import type { ScrapeTarget } from '../model.ts';

/** What a service of a stage would answer at /metrics, as far as the page tells it apart. */
export const exposition = `# HELP dice_rolls Rolls of a known die
# TYPE dice_rolls counter
dice_rolls_total{die_type="fair",result="success"} 12
dice_rolls_total{die_type="<b>risky</b>",result=""} 3
# HELP rolls_in_flight Rolls now
# TYPE rolls_in_flight gauge
rolls_in_flight 2
# HELP dice_roll_value Values rolled
# TYPE dice_roll_value histogram
dice_roll_value_bucket{le="1",die_type="fair"} 1 # {trace_id="00"} 1
dice_roll_value_bucket{le="+Inf",die_type="fair"} 4
dice_roll_value_sum{die_type="fair"} 14
dice_roll_value_count{die_type="fair"} 4
# EOF
`;

/** A service that answers so, until the test ends. */
export async function service(t: TestContext, answer = exposition, status = 200): Promise<ScrapeTarget> {
  const server = createServer((_request, response) => void response.writeHead(status).end(answer));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close().closeAllConnections());
  return { service: 'dice-roller', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics` };
}

/** A receiver whose page belongs to stage-7, until the test ends. */
export async function viewer(t: TestContext, targets: ScrapeTarget[] = []): Promise<Receiver> {
  const receiver = await openReceiver(0, { stage: 'stage-7', targets, quiet: 20, quietIncomplete: 40 });
  t.after(receiver.close);
  return receiver;
}
