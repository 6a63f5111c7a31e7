import { setTimeout as sleep } from 'node:timers/promises';
import { EventTime, FluentClient } from '@fluent-org/logger';
import type { Line } from './lines.ts';

/** Lines on their way to the collector. */
export interface Forwarder {
  /** Never waits. If the collector is down for so long that the buffer is full, the oldest line is lost. */
  forward: (line: Line, container: { id: string; name: string }) => void;
  /** Sends what is left, for at most this many milliseconds. */
  close: (patience: number) => Promise<void>;
}

interface Entry {
  tag: string;
  time: EventTime;
  record: Record<string, string>;
}

const bufferedLines = 100_000;
const batchLines = 500;

/**
 * Plays Docker's fluentd logging driver: lines in the forward protocol with the driver's own fields, acknowledged by the
 * collector, and sent again until they are. Fields: https://docs.docker.com/engine/logging/drivers/fluentd/
 */
export function openForwarder(address: string): Forwarder {
  const client = openClient(address);
  const waiting: Entry[] = [];
  let sending: Promise<void> | undefined;
  const pump = async (): Promise<void> => {
    while (waiting.length > 0) await sendUntilAcknowledged(client, waiting.splice(0, batchLines));
    sending = undefined;
  };
  return {
    forward: ({ text, source, time }, { id, name }) => {
      const record = { container_id: id, container_name: `/${name}`, source, log: text };
      waiting.push({ tag: id.slice(0, 12), time: EventTime.fromTimestamp(time.getTime()), record });
      if (waiting.length > bufferedLines) waiting.shift();
      // Lines that arrive together are sent together.
      sending ??= Promise.resolve().then(pump);
    },
    close: async (patience) => {
      await Promise.race([sending, sleep(patience)]);
      await client.shutdown();
    },
  };
}

function openClient(address: string): FluentClient {
  const { hostname: host, port } = new URL(`tcp://${address}`);
  return new FluentClient(null, {
    // One message for each batch and container, so that a batch is acknowledged or sent again as a whole.
    eventMode: 'Forward',
    ack: { ackTimeout: 5000 },
    socket: { host, port: Number(port), reconnect: { delay: 100, maxDelay: 1000 } },
  });
}

async function sendUntilAcknowledged(client: FluentClient, batch: Entry[]): Promise<void> {
  for (;;) {
    const results = await Promise.allSettled(batch.map(({ tag, time, record }) => client.emit(tag, record, time)));
    batch = batch.filter((_, index) => results[index]!.status === 'rejected');
    if (batch.length === 0) return;
    await sleep(500);
  }
}
