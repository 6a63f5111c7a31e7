import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a relay does to what goes through it. With nothing here it passes all on at once. */
export interface Disturbance {
  /** Milliseconds by which each piece of data is late, in both directions. */
  delay?: number;
  /** Share of the pieces a client sends at which its connection breaks, 0 to 1. */
  breaks?: number;
  /** Answers each HTTP request with an empty 200 and passes nothing on. */
  swallows?: boolean;
}

/** A way from one service to another that leads through this process. */
export interface Relay {
  from: string;
  to: string;
  /** Where it listens, on 127.0.0.1. */
  port: number;
  disturb: (disturbance: Disturbance) => void;
  close: () => Promise<void>;
}

/**
 * Listens on a free port of 127.0.0.1 and passes connections on to another.
 * @param target port of 127.0.0.1
 */
export async function openRelay(from: string, to: string, target: number): Promise<Relay> {
  let disturbance: Disturbance = {};
  const sockets = new Set<Socket>();
  const swallower = createHttpServer((request, response) => request.resume().on('end', () => response.end()));
  const keep = (socket: Socket): Socket => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    return socket.setNoDelay();
  };
  const server = createServer((client) => {
    keep(client);
    if (disturbance.swallows) return void swallower.emit('connection', client);
    const upstream = keep(connect(target, '127.0.0.1'));
    passOn(client, upstream, () => disturbance, true);
    passOn(upstream, client, () => disturbance, false);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    ...{ from, to, port: (server.address() as AddressInfo).port },
    disturb: (next) => {
      // A connection that is open is passed on, or swallowed, to its end.
      if (Boolean(next.swallows) !== Boolean(disturbance.swallows)) for (const socket of sockets) socket.end();
      disturbance = next;
    },
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

function passOn(source: Socket, sink: Socket, disturbance: () => Disturbance, isClient: boolean): void {
  // Pieces keep their order, however late each of them is.
  let last = Promise.resolve();
  const inTurn = (act: () => unknown): void => {
    const { delay } = disturbance();
    const due = delay ? sleep(delay) : Promise.resolve();
    last = last.then(() => due).then(() => void act());
  };
  source.on('data', (piece) => {
    if (isClient && Math.random() < (disturbance().breaks ?? 0)) return void (source.resetAndDestroy(), sink.destroy());
    inTurn(() => sink.writable && sink.write(piece));
  });
  source.on('end', () => inTurn(() => sink.end()));
  source.on('close', () => inTurn(() => sink.destroy()));
}
