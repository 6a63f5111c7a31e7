import { join } from 'node:path';
import { readYaml } from '../../runtime/read-yaml.ts';

/** A text to be replaced in a file of a stage. */
export interface Edit {
  file: string;
  from: string;
  to: string;
  also?: Edit;
}

type WrongAnswer = Edit & { hint: string };

/** The wrong answers by stage and exercise. */
export const wrongAnswers: Record<string, Record<string, WrongAnswer>> = readYaml(
  join(import.meta.dirname, 'wrong-answers.yaml'),
);
