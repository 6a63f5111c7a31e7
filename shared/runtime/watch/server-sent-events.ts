import type { StreamEvents } from '../receiver/model.ts';

type StreamEvent = { [Name in keyof StreamEvents]: { name: Name; data: StreamEvents[Name] } }[keyof StreamEvents];

/** Reads the receiver's live stream until it ends. */
export async function* serverSentEvents(url: string, signal?: AbortSignal): AsyncGenerator<StreamEvent> {
  const response = await fetch(url, signal ? { signal } : {});
  let rest = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop()!;
    for (const block of blocks) {
      const [, name, data] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
      if (name && data) yield { name, data: JSON.parse(data) } as StreamEvent;
    }
  }
}
