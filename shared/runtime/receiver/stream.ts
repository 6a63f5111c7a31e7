import type { Response } from 'express';
import type { StreamEvents } from './model.ts';

/** Everyone who listens to `/api/stream`. */
export interface Stream {
  send: <Name extends keyof StreamEvents>(name: Name, data: StreamEvents[Name]) => void;
  /** Turns an answer into a stream of server-sent events, until either side closes it. */
  join: (response: Response) => void;
}

/** A listener that does not read is disconnected, so that it cannot fill the memory; browsers and `watch` reconnect. */
const mostUnread = 4 * 1024 * 1024;

export function openStream(): Stream {
  const listeners = new Set<Response>();
  return {
    send: (name, data) => {
      for (const response of listeners) {
        if (response.writableLength > mostUnread) response.destroy();
        else response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
      }
    },
    join: (response) => {
      response.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.flushHeaders();
      response.write('retry: 1000\n\n');
      listeners.add(response);
      response.on('close', () => listeners.delete(response));
    },
  };
}
