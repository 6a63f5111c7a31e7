import { YAMLParseError } from 'yaml';
import { messageOf } from '../../runtime/problem.ts';
import { readLined } from '../yaml-lines.ts';
import type { Fault } from './fault.ts';
import type { Project } from './project.ts';
import { isSource, readSource } from './source.ts';

/** Files that cannot be read at all, such as one with the marks of a merge in it. Every other rule needs them. */
export function findUnreadable({ files, stages, read }: Project): Fault[] {
  const inStages = new RegExp(`^(${stages.join('|')})/.*\\.(ya?ml|json)$`);
  const isData = (file: string): boolean =>
    /(^|\/)package(-lock)?\.json$/.test(file) || (inStages.test(file) && !/\/(test|tsconfig\.json)/.test(file));
  return files.flatMap((file) => {
    const place = isSource(file)
      ? placeOf(() => readSource(file, read(file)))
      : isData(file) && dataFault(file, read(file));
    return place ? [{ file, ...place, remedy: 'Fix it; nothing else was checked.' }] : [];
  });
}

type Place = Pick<Fault, 'line' | 'fault'>;

function dataFault(file: string, text: string): Place | undefined {
  return placeOf(() => (file.endsWith('.json') ? JSON.parse(text) : readLined(text)));
}

function placeOf(read: () => unknown): Place | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    const [first] = messageOf(error).split('\n');
    return { line: lineOf(error), fault: `it cannot be read: ${first}` };
  }
}

/** YAML's errors have `linePos`, Babel's have `loc`, JSON's have the line in their message. */
function lineOf(error: unknown): number {
  if (error instanceof YAMLParseError) return error.linePos?.[0].line ?? 1;
  const { loc } = error as { loc?: { line: number } };
  return loc?.line ?? Number(/\(line (\d+)/.exec(messageOf(error))?.[1] ?? 1);
}
