/** Subcommands of `docker compose` that `make stage-N` has too, with a service. */
const serviceCommands = ['stop', 'start', 'restart', 'kill', 'pause', 'unpause'];

/** The service that a `docker compose` command is for, if it names one. */
export function serviceIn(command: string): string | undefined {
  const words = wordsOf(command);
  if (!words) return undefined;
  const [subcommand, ...rest] = words;
  if (subcommand === 'run' || subcommand === 'exec')
    return rest.find((word, index) => isOperand(word, rest[index - 1]));
  return [...serviceCommands, 'logs', 'up'].includes(subcommand ?? '')
    ? rest.findLast((word, index) => isOperand(word, rest[index - 1]))
    : undefined;
}

/**
 * The command that does the same as a `docker compose` command, without Docker.
 * @param stage `stage-1`
 * @returns undefined if there is none
 */
export function nativeForm(command: string, stage: string): string | undefined {
  const before = /^((?:\w+=\S+\s+)*)docker compose\b/.exec(command)?.[1];
  const words = wordsOf(command);
  if (before === undefined || !words) return undefined;
  const [subcommand = '', ...rest] = words;
  const pipe = /\s(\|.*)$/s.exec(command)?.[1] ?? '';
  const service = serviceIn(command);
  const make = (target: string, ...variables: string[]): string =>
    [`${before}make ${stage} ${target}`, ...variables, pipe].filter(Boolean).join(' ');
  if (subcommand === 'up') return make('up');
  if (subcommand === 'down') return make('down');
  if (subcommand === 'ps') return make('status');
  if (subcommand === 'logs' && service) return make('logs', `SERVICE=${service}`, 'RAW=1', 'FOLLOW=0');
  if (serviceCommands.includes(subcommand) && service) return make(subcommand, `SERVICE=${service}`);
  if (subcommand === 'run' && service === 'usage') return make('usage');
  if (subcommand === 'run') return make('traffic', `SERVICE=${service}`, ...variablesOf(rest));
  return undefined;
}

/** `-e NAME=value` of `run`. */
function variablesOf(words: string[]): string[] {
  return words.filter((_, index) => words[index - 1] === '-e');
}

/** The subcommand and what follows it, without the options before it and a pipe behind it. */
function wordsOf(command: string): string[] | undefined {
  const compose = /\bdocker compose\s+((?:--?[\w-]+(?:[= ]\S+)?\s+)*?)([a-z]+\b[^|]*)/.exec(command);
  return compose?.[2]?.trim().split(/\s+/);
}

/** Not an option, nor the value of one. */
function isOperand(word: string, before = ''): boolean {
  return !word.startsWith('-') && !['-e', '-t', '-s', '--tail', '--since', '--timeout', '--signal'].includes(before);
}
