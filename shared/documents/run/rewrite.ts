import type { Outcome } from './follow.ts';

/** The most lines of output that a page shows of a command without "…". */
const longest = 25;

/** The page's text, in which the output of each command that differed is replaced by what it printed. */
export function rewriteOutputs(text: string, outcomes: Outcome[]): string {
  const lines = text.split('\n');
  // From the end, so that the lines before keep their numbers.
  for (const { command, printed, result } of outcomes.toReversed()) {
    if (result !== 'failed' || command.output.length === 0) continue;
    const first = command.line - 1 + command.text.split('\n').length;
    lines.splice(first, command.output.length, ...shownOf(command.output, printed));
  }
  return lines.join('\n');
}

/** What to show: as many lines at each place as the page showed before, with its "…" where they were. */
function shownOf(shown: string[], printed: string[]): string[] {
  if (!shown.some(isGap)) {
    return printed.length > longest ? [...printed.slice(0, longest), '…'] : printed;
  }
  const parts = shown
    .join('\n')
    .split(/^…$/m)
    .map((part) => part.split('\n').filter(Boolean));
  const filled = parts.map((part, index) => {
    if (index === 0) return printed.slice(0, part.length);
    if (index === parts.length - 1) return part.length > 0 ? printed.slice(-part.length) : [];
    const [word] = part[0]!.trim().split(/\s/);
    const at = printed.findIndex((line) => line.trim().startsWith(word!));
    return at < 0 ? part : printed.slice(at, at + part.length);
  });
  return filled.flatMap((part, index) => (index === 0 ? part : ['…', ...part]));
}

function isGap(line: string): boolean {
  return line.trim() === '…';
}
