import { InvalidArgumentError } from 'commander';

/** Reads a whole number from 1, such as seconds. @throws InvalidArgumentError, which commander shows */
export function whole(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1.');
  return Number(text);
}

/** Reads which hint to show. @throws InvalidArgumentError, which commander shows */
export function hint(text: string): number {
  if (!/^[123]$/.test(text)) throw new InvalidArgumentError('There are three hints: 1, 2 and 3.');
  return Number(text);
}
