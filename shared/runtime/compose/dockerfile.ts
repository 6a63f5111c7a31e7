import { Problem } from '../problem.ts';

/** What a container of an image would start, as far as a process without the image can do the same. */
export interface ImageSettings {
  /** The image that the final stage starts from. */
  from: string;
  workdir: string;
  environment: Record<string, string>;
  entrypoint: string[];
  /** What Compose's `command` replaces. */
  command: string[];
}

const scratch: ImageSettings = { from: 'scratch', workdir: '/', environment: {}, entrypoint: [], command: [] };

/**
 * Reads the final stage of a Dockerfile: FROM, WORKDIR, ENV, ENTRYPOINT and CMD. A stage that builds on an earlier one
 * inherits from it. Everything else concerns the building of the image.
 * @throws Problem for a CMD that is not in the exec form
 */
export function readDockerfile(text: string, file = 'Dockerfile'): ImageSettings {
  const stages = new Map<string, ImageSettings>();
  let current = scratch;
  for (const { instruction, rest } of instructions(text)) {
    if (instruction === 'FROM') {
      const [from = '', , name = ''] = rest.replace(/^--\S+\s+/, '').split(/\s+/);
      current = { ...(stages.get(from.toLowerCase()) ?? { ...scratch, from }) };
      stages.set(name.toLowerCase(), current);
    } else {
      Object.assign(current, setting(instruction, rest, current, file));
    }
  }
  return current;
}

/** The images that the stages of a Dockerfile start from, other than its own earlier stages. */
export function baseImages(text: string): string[] {
  const stages = new Set(['scratch']);
  const bases = new Set<string>();
  for (const { instruction, rest } of instructions(text)) {
    if (instruction !== 'FROM') continue;
    const [from = '', , name = ''] = rest.replace(/^--\S+\s+/, '').split(/\s+/);
    if (!stages.has(from.toLowerCase())) bases.add(from);
    stages.add(name.toLowerCase());
  }
  return [...bases];
}

function* instructions(text: string): Generator<{ instruction: string; rest: string }> {
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*(#|$)/.test(line));
  for (const line of lines.join('\n').replace(/\\\n/g, ' ').split('\n')) {
    const [, instruction = '', rest = ''] = /^\s*(\w+)\s+(.*)$/.exec(line) ?? [];
    yield { instruction: instruction.toUpperCase(), rest: rest.trim() };
  }
}

function setting(instruction: string, rest: string, image: ImageSettings, file: string): Partial<ImageSettings> {
  switch (instruction) {
    case 'WORKDIR':
      return { workdir: rest };
    case 'ENV':
      return { environment: { ...image.environment, ...environment(rest) } };
    case 'ENTRYPOINT':
      return { entrypoint: execForm(instruction, rest, file), command: [] };
    case 'CMD':
      return { command: execForm(instruction, rest, file) };
    default:
      return {};
  }
}

function environment(rest: string): Record<string, string> {
  const pairs = [...rest.matchAll(/([A-Za-z_]\w*)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g)];
  if (pairs.length > 0) return Object.fromEntries(pairs.map(([, name, quoted, bare]) => [name, quoted ?? bare]));
  const [, name = '', value = ''] = /^(\S+)\s+(.*)$/.exec(rest) ?? [];
  return { [name]: value };
}

function execForm(instruction: string, rest: string, file: string): string[] {
  try {
    const words: unknown = JSON.parse(rest);
    if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return words;
  } catch {
    // Falls through to the one message for both faults.
  }
  throw new Problem(`${file}: write ${instruction} as a list, e.g. ${instruction} ["node", "src/server.ts"].`);
}
