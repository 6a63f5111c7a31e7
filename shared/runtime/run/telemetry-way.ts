import { createHash } from 'node:crypto';
import type { Plan } from '../plan/plan.ts';
import { openReceiver, type Receiver } from '../receiver/receiver.ts';
import { openForwarder } from './fluentd-forwarder.ts';
import type { Line } from './lines.ts';

/** The way of forwarded lines: to the collector as Docker's logging driver would, or into the built-in receiver. */
export interface TelemetryWay {
  send: (line: Line) => void;
  notice: (text: string) => void;
  /** The built-in receiver, where it stands in for the collector. */
  receiver?: Receiver;
  close: () => Promise<void>;
}

const lastPatience = 2000;

/** Opens the way that a plan needs; where no service forwards anything, lines go nowhere but to their files. */
export async function openTelemetryWay(plan: Plan): Promise<TelemetryWay> {
  const forwarded = new Map(
    plan.services.filter((service) => service.forwarded).map((service) => [service.name, service]),
  );
  if (plan.receiver) {
    const receiver = await openReceiver(plan.receiver.port, { stage: plan.stage, targets: plan.targets });
    const send = (line: Line): void => {
      if (forwarded.has(line.service)) receiver.addLine(line);
    };
    return { send, notice: receiver.notice, close: receiver.close, receiver };
  }
  if (!plan.fluentd) return { send: () => undefined, notice: () => undefined, close: () => Promise.resolve() };
  const forwarder = openForwarder(plan.fluentd);
  const send = (line: Line): void => {
    const service = forwarded.get(line.service);
    if (service) forwarder.forward(line, { id: containerId(plan.stage, service.name), name: service.containerName });
  };
  return { send, notice: () => undefined, close: () => forwarder.close(lastPatience) };
}

/** 64 hexadecimal digits, as Docker's are. */
function containerId(stage: string, service: string): string {
  return createHash('sha256').update(`${stage}/${service}`).digest('hex');
}
