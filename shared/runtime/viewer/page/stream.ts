/// <reference lib="dom" />
import type { StreamEvents } from '../../receiver/model.ts';

interface Listener {
  /** Called at the start, and each time the receiver is back: whatever arrived in between was missed. */
  onOpen: () => void;
  onLost: () => void;
  on: { [Name in keyof StreamEvents]: (data: StreamEvents[Name]) => void };
}

const patience = 2000;

/** Listens to what the receiver sends, for as long as the page is open. */
export function listen(listener: Listener): void {
  const source = new EventSource('api/stream');
  source.addEventListener('open', listener.onOpen);
  source.addEventListener('error', () => {
    listener.onLost();
    if (source.readyState !== EventSource.CLOSED) return;
    // The browser gives up when something else answers on the port, and some do when nothing does.
    setTimeout(() => listen(listener), patience);
  });
  for (const [name, tell] of Object.entries(listener.on)) {
    source.addEventListener(name, ({ data }: MessageEvent<string>) => tell(JSON.parse(data)));
  }
}
