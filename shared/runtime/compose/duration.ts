import { Problem } from '../problem.ts';

const milliseconds = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A Compose duration such as `500ms` or `1m30s`, in milliseconds. */
export function parseDuration(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) {
    throw new Problem(`"${text}" is not a duration; write, for example, 500ms, 5s or 1m30s.`);
  }
  return parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * milliseconds[unit as keyof typeof milliseconds],
    0,
  );
}
