import { readFileSync } from 'node:fs';
import { parse, YAMLParseError } from 'yaml';
import { messageOf, Problem } from './problem.ts';

/**
 * Reads a YAML file, merge keys included.
 * @throws Problem naming the file and the place that is wrong
 */
export function readYaml(file: string): Record<string, any> {
  try {
    return parse(readFileSync(file, 'utf8'), { merge: true });
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new Problem(`${file} is not valid YAML: ${messageOf(error)}`);
  }
}
