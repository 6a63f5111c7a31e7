import { Problem } from '../runtime/problem.ts';

/** What a learner found out, as it was written. */
export interface Given {
  since?: string;
  service?: string;
  cause?: string;
  trace?: string;
}

/** The same, checked for its form. */
export interface Answer {
  /** Milliseconds since 1970, or that nothing has begun. */
  since?: number | 'none';
  service?: string;
  cause?: string;
  /** 32 hexadecimal digits. */
  trace?: string;
}

/**
 * Reads an answer.
 * @param lists what SERVICE and CAUSE are chosen from
 * @param now in milliseconds since 1970
 * @throws Problem saying what may be written there
 */
export function readAnswer(given: Given, lists: { services: string[]; causes: string[] }, now = Date.now()): Answer {
  const { since, service, cause, trace } = given;
  if (service !== undefined) requireOneOf('SERVICE', service, lists.services);
  if (cause !== undefined) requireOneOf('CAUSE', cause, lists.causes);
  if (trace !== undefined && !/^([\da-f]{32}|none)$/i.test(trace))
    throw new Problem(`TRACE is a trace id, 32 hexadecimal digits, or none; not "${trace}".`);
  return {
    ...(since !== undefined && { since: readTime(since, now) }),
    ...(service !== undefined && { service }),
    ...(cause !== undefined && { cause }),
    ...(trace !== undefined && { trace: trace.toLowerCase() }),
  };
}

function requireOneOf(name: string, value: string, list: string[]): void {
  if (!list.includes(value)) throw new Problem(`${name} is one of ${list.join(', ')}; not "${value}".`);
}

/** `14:05` and `14:05:30` are the last such moment in this machine's time zone. */
function readTime(text: string, now: number): number | 'none' {
  if (text === 'none') return text;
  const clock = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text);
  if (clock) {
    const [, hours, minutes, seconds] = clock;
    const time = new Date(now).setHours(Number(hours), Number(minutes), Number(seconds ?? 0), 0);
    return time > now + 60_000 ? time - 24 * 60 * 60_000 : time;
  }
  const time = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time))
    throw new Problem(`SINCE is a time such as 14:05 or 2026-11-26T14:05:30Z, or none; not "${text}".`);
  return time;
}
