/** What is wrong, where, and what to do about it. */
export interface Fault {
  /** From the repository's root. */
  file: string;
  /** From 1. */
  line: number;
  fault: string;
  remedy: string;
}

/** For people, and for editors that follow `file:line:`. */
export function showFault({ file, line, fault, remedy }: Fault): string {
  return `${file}:${line}: ${fault}\n  -> ${remedy}`;
}
