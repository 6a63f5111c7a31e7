import { trace } from '@opentelemetry/api';
import { config } from './config.ts';
import { cut, logger } from './logger.ts';
import { observeRequest } from './metrics.ts';
import { send, type Answer } from './send.ts';
import { errorType, failSpan } from './tracing.ts';

// Forwards what the user chose unvalidated: dice-roller decides which dice exist.
export async function requestRoll(dice: string[], dieType: string): Promise<Answer> {
  const url = new URL('/roll', config.diceRollerUrl);
  dice.forEach((die) => url.searchParams.append('die', die));
  trace.getActiveSpan()?.setAttribute('backend.url', url.href);

  const start = performance.now();
  const answer = await send(url, config.backendTimeoutMs).then(reportAnswer, reportFailure);
  observeRequest(dieType, answer.status, (performance.now() - start) / 1000);

  return answer;
}

function reportAnswer(answer: Answer): Answer {
  trace.getActiveSpan()?.setAttribute('backend.status_code', answer.status);
  logger.info('Backend response received', { backend_status: answer.status, body: cut(answer.body) });
  if (answer.status >= 500) failSpan(String(answer.status));

  return answer;
}

function reportFailure(error: Error): Answer {
  const late = error.name === 'TimeoutError';
  logger.error('Backend request failed', { error: cut(String(error.cause ?? error)) });
  failSpan(errorType(error));

  const body = { error: late ? 'dice-roller did not answer in time' : 'dice-roller cannot be reached' };
  return { status: 502, contentType: 'application/json', body: JSON.stringify(body) };
}
