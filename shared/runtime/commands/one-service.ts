import { giveOrder } from '../run/supervisor-orders.ts';
import type { Order } from '../run/one-service.ts';
import { requireRunning } from './recorded.ts';

const done: Record<Order['action'], string> = {
  stop: 'is stopped',
  start: 'is running',
  restart: 'was restarted and is running',
  kill: 'was sent',
  crash: 'was sent',
  pause: 'is paused: it accepts connections and does not answer',
  unpause: 'goes on',
};

/**
 * Has an order about one service of a running stage carried out, and says so.
 * @throws Problem when the stage does not run, does not have the service, or the service does not become ready
 */
export async function orderService(stage: string, order: Order): Promise<void> {
  await giveOrder(requireRunning(stage), order);
  const { service, action, signal } = order;
  console.log(`${service} ${done[action]}${action === 'kill' ? ` ${signal}` : ''}.`);
}
