import postgres, { type Options } from 'postgres';
import { readComposeFile } from '../../runtime/compose/compose-file.ts';
import { Problem } from '../../runtime/problem.ts';
import type { RunningStage } from './running-stage.ts';

/**
 * The stage's database under its own address, with the user and the name that die-service has for it.
 * @throws Problem when it is not running
 */
export function openDatabase(stage: RunningStage, options: Options<{}> = {}): ReturnType<typeof postgres> {
  const place = stage.backEnd('postgres');
  if ('missing' in place) throw new Problem(place.missing);
  const service = readComposeFile(stage.directory).services.find(({ name }) => name === 'die-service');
  const url = new URL(service?.environment.DATABASE_URL ?? '');
  url.host = new URL(place.url).host;
  return postgres(url.href, { max: 1, onnotice: () => undefined, ...options });
}
