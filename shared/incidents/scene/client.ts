import { setTimeout as sleep } from 'node:timers/promises';

/** What this process is asked to send, by a message of its parent. */
export interface Requests {
  /** Where to, without a path. */
  url: string;
  /** One after the other, again and again; none to send nothing. */
  paths: string[];
  /** Milliseconds from one request to the next; no answer is waited for. */
  pause: number;
  userAgent: string;
}

let wanted: Requests | undefined;
process.on('message', (requests: Requests) => (wanted = requests));
// Our parent has ended.
process.once('disconnect', () => process.exit());

for (let count = 0; ; count++) {
  await sleep(wanted?.pause ?? 100);
  if (!wanted?.paths.length) continue;
  const { url, paths, userAgent } = wanted;
  const options = { headers: { 'user-agent': userAgent }, signal: AbortSignal.timeout(10_000) };
  void fetch(url + paths[count % paths.length], options).then(
    (response) => response.arrayBuffer(),
    () => undefined,
  );
}
