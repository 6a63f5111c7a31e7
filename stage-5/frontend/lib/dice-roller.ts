import { trace } from '@opentelemetry/api';
import { config } from './config.ts';
import { cut, logger } from './logger.ts';
import { observeRequest } from './metrics.ts';
import { failSpan } from './tracing.ts';

export interface Answer {
  status: number;
  contentType: string;
  body: string;
}

// Sends what the user chose as it is: which dice there are is for dice-roller to say.
export async function requestRoll(dice: string[], dieType: string, times?: string[]): Promise<Answer> {
  const url = new URL(times ? '/roll-async' : '/roll', config.diceRollerUrl);
  dice.forEach((die) => url.searchParams.append('die', die));
  times?.forEach((number) => url.searchParams.append('times', number));
  trace.getActiveSpan()?.setAttribute('backend.url', url.href);

  const start = performance.now();
  const answer = await send(url).then(reportAnswer, reportFailure);
  observeRequest(dieType, answer.status, (performance.now() - start) / 1000);

  return answer;
}

async function send(url: URL): Promise<Answer> {
  const response = await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(config.backendTimeoutMs) });
  const contentType = response.headers.get('content-type') ?? 'text/plain';

  return { status: response.status, contentType, body: await response.text() };
}

function reportAnswer(answer: Answer): Answer {
  trace.getActiveSpan()?.setAttribute('backend.status_code', answer.status);
  logger.info('Backend response received', { backend_status: answer.status, body: cut(answer.body) });
  if (answer.status >= 500) failSpan();

  return answer;
}

function reportFailure(error: Error): Answer {
  const late = error.name === 'TimeoutError';
  logger.error('Backend request failed', { error: cut(String(error.cause ?? error)) });
  failSpan(error);

  const body = { error: late ? 'dice-roller did not answer in time' : 'dice-roller cannot be reached' };
  return { status: 502, contentType: 'application/json', body: JSON.stringify(body) };
}
