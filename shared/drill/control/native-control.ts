import { requireRunning } from '../../runtime/commands/recorded.ts';
import { giveOrder } from '../../runtime/run/supervisor-orders.ts';
import type { Order } from '../../runtime/run/one-service.ts';
import { memory } from '../../bench/proc.ts';
import type { Control, Life } from './control.ts';

/** Handles services of a stage that runs as local processes. */
export function nativeControl(stage: string): Control {
  const order = (action: Order['action'], service: string): Promise<void> =>
    giveOrder(requireRunning(stage), { action, service });
  return {
    stop: (service) => order('stop', service),
    start: (service) => order('start', service),
    kill: (service) => order('crash', service),
    pause: (service) => order('pause', service),
    unpause: (service) => order('unpause', service),
    look: async (service) => look(stage, service),
    memory: async (service) => {
      const process = entryOf(stage, service)?.process;
      return process && memory(process.pid)?.resident;
    },
  };
}

function entryOf(stage: string, service: string) {
  return requireRunning(stage).services.find(({ name }) => name === service);
}

function look(stage: string, service: string): Life {
  const { receiver, receiverStatus } = requireRunning(stage);
  const { status, process, ended } = entryOf(stage, service) ?? { status: 'missing' as const };
  // If something is missing here and runs anyway, it is the receiver in place of the collector; nothing else has a
  // replacement.
  if (status === 'missing') {
    return {
      running: service === 'otel-collector' && receiver !== undefined && receiverStatus !== 'stopped',
      id: service,
    };
  }
  return { running: process !== undefined, id: process?.startedAs ?? status, ...(ended !== undefined && { ended }) };
}
