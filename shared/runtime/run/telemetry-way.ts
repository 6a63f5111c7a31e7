import { createHash } from 'node:crypto';
import type { Plan } from '../plan/plan.ts';
import { openReceiver, type Receiver } from '../receiver/receiver.ts';
import { isUsage } from '../usage/routes.ts';
import { openUsageWriter } from '../usage/writer.ts';
import { openForwarder } from './fluentd-forwarder.ts';
import type { Line } from './lines.ts';

/** Where forwarded lines go: to the collector, as with Docker's logging driver, or into the built-in receiver. */
export interface TelemetryWay {
  send: (line: Line) => void;
  notice: (text: string) => void;
  /** The built-in receiver, if it replaces the collector. */
  receiver?: Receiver;
  close: () => Promise<void>;
}

const lastPatience = 2000;

type Containers = Map<string, { id: string; name: string }>;

/** Opens the path that a plan needs; if no service forwards anything, lines go only to their files. */
export async function openTelemetryWay(plan: Plan): Promise<TelemetryWay> {
  const forwarded = plan.services.filter((service) => service.forwarded);
  const containers: Containers = new Map(
    forwarded.map(({ name, containerName }) => [name, { id: containerId(plan.stage, name), name: containerName }]),
  );
  if (plan.receiver) return receiverWay(plan, plan.receiver.port, containers);
  if (!plan.fluentd) return { send: () => undefined, notice: () => undefined, close: () => Promise.resolve() };
  const forwarder = openForwarder(plan.fluentd);
  const send = (line: Line): void => {
    const container = containers.get(line.service);
    if (container) forwarder.forward(line, container);
  };
  return { send, notice: () => undefined, close: () => forwarder.close(lastPatience) };
}

async function receiverWay(
  { stage, targets, usage }: Plan,
  port: number,
  containers: Containers,
): Promise<TelemetryWay> {
  const receiver = await openReceiver(port, { stage, targets });
  const writer = usage && openUsageWriter(usage, receiver.notice);
  const send = (line: Line): void => {
    if (!containers.has(line.service)) return;
    if (writer && isUsage(line.text)) writer.add(line.text);
    else receiver.addLine(line);
  };
  return { send, notice: receiver.notice, close: () => receiver.close(), receiver };
}

/** 64 hexadecimal digits, as Docker's are. */
function containerId(stage: string, service: string): string {
  return createHash('sha256').update(`${stage}/${service}`).digest('hex');
}
