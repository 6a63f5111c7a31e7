import { readFileSync } from 'node:fs';

export interface Specification {
  faces: number[];
  error_rate: number;
}

function readObject(file: string): Record<string, Specification> {
  const content = JSON.parse(readFileSync(file, 'utf8'));

  if (content === null || typeof content !== 'object' || Array.isArray(content)) {
    throw new Error('it must be an object that maps identifiers to dice');
  }
  if (Object.keys(content).length === 0) throw new Error('there is no die in it');

  return content;
}

function isFace(face: unknown): boolean {
  return Number.isInteger(face) && Number(face) >= 1 && Number(face) < 2 ** 31;
}

export function checkDie(identifier: string, die: Partial<Specification> | null): void {
  const problem = (text: string, value: unknown) =>
    new Error(`die "${identifier.slice(0, 50)}": ${text}, not ${JSON.stringify(value)?.slice(0, 200)}`);

  if (identifier === '' || identifier.length > 50) {
    throw problem('an identifier must have 1 to 50 characters', identifier.length);
  }
  if (identifier === 'unknown') {
    throw problem('an identifier must differ from what metrics call a die that does not exist', identifier);
  }
  if (!Array.isArray(die?.faces) || die.faces.length === 0 || !die.faces.every(isFace)) {
    throw problem('faces must be a list of whole numbers from 1', die?.faces);
  }
  if (typeof die.error_rate !== 'number' || !(die.error_rate >= 0 && die.error_rate <= 1)) {
    throw problem('error_rate must be a number from 0 to 1', die.error_rate);
  }
}

export function readDiceFile(file: string): Map<string, Specification> {
  try {
    const dice = Object.entries(readObject(file));
    dice.forEach(([identifier, die]) => checkDie(identifier, die));

    return new Map(dice.map(([identifier, { faces, error_rate }]) => [identifier, { faces, error_rate }]));
  } catch (error) {
    throw new Error(`Cannot use ${file}: ${(error as Error).message}`);
  }
}
