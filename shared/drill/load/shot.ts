/** One request of a load, and its outcome. Times are milliseconds since 1970. */
export interface Shot {
  path: string;
  traceId: string;
  /** When all of it had been passed to the operating system. */
  sentAt?: number;
  /** When the whole answer had arrived. */
  answeredAt?: number;
  status?: number;
  body?: string;
  /** Why there was no answer. */
  fault?: string;
}

/** A request sent this shortly before a moment may not have reached the service by then. */
const onTheWay = 100;

/** The requests that the service had received but not yet answered at a moment. */
export function inFlightAt(shots: Shot[], moment: number): Shot[] {
  return shots.filter(
    ({ sentAt, answeredAt }) =>
      sentAt !== undefined && sentAt <= moment - onTheWay && (answeredAt === undefined || answeredAt > moment),
  );
}

export function unanswered(shots: Shot[]): Shot[] {
  return shots.filter(({ answeredAt }) => answeredAt === undefined);
}

/** Requests that were sent in a period. */
export function sentBetween(shots: Shot[], from: number, to: number): Shot[] {
  return shots.filter(({ sentAt }) => sentAt !== undefined && sentAt >= from && sentAt < to);
}

/** The time that a share of the answered requests did not exceed, in milliseconds. */
export function percentile(shots: Shot[], share: number): number {
  const times = shots
    .flatMap(({ sentAt, answeredAt }) => (sentAt === undefined || answeredAt === undefined ? [] : answeredAt - sentAt))
    .sort((a, b) => a - b);
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN;
}

/** How often each status, and each fault, came: `200 ×41, 500 ×2, ECONNREFUSED ×3`. */
export function tally(shots: Shot[]): string {
  const groups = Map.groupBy(shots, ({ status, fault }) => String(status ?? fault ?? 'unanswered'));
  const sorted = [...groups].sort(([a], [b]) => a.localeCompare(b));
  return sorted.map(([outcome, members]) => `${outcome} ×${members.length}`).join(', ') || 'none';
}
