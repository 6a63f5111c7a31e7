import { logger } from './logger.ts';

// Who did what, in separate lines that the collector routes elsewhere. No other line, span or metric has the name.
export function reportSignIn(user: string): void {
  logger.info('Usage', { usage: true, event: 'sign-in', user });
}

export function reportRun(user: string, die_type: string, sent: string[] | undefined, backend_status: number): void {
  const number = sent ? sent.join() : '1';
  const times = /^\d{1,15}$/.test(number) ? Number(number) : undefined;

  logger.info('Usage', { usage: true, event: 'run', user, die_type, times, backend_status });
}
