/** An error that the reader can fix: its message says what is wrong and what to do; no stack is shown. */
export class Problem extends Error {}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
