import { readSample, unescape, type Sample } from './sample-line.ts';

/** The samples of one metric. */
export interface Family {
  /** As queries name it: a counter's ends in `_total`, a histogram's lacks `_bucket`. */
  name: string;
  type: string;
  help: string;
  /** OpenMetrics may give it: `seconds`. */
  unit?: string;
  samples: Sample[];
}

const parts = /_(bucket|sum|count|total|created)$/;

/**
 * Reads what a service answers at /metrics, in the text format or in OpenMetrics.
 * @throws Error quoting a line that is neither sample nor comment
 */
export function readFamilies(text: string): Family[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const [helps, units] = [comments(lines, 'HELP'), comments(lines, 'UNIT')];
  const samples = lines.filter((line) => !line.startsWith('#')).map(readSample);
  return familiesOf(samples, comments(lines, 'TYPE'), helps, units);
}

/**
 * Groups samples into metrics.
 * @param types by the name of the family, which lacks `_total` in OpenMetrics and has it in the text format
 */
export function familiesOf(
  samples: Sample[],
  types: Map<string, string>,
  helps: Map<string, string> = new Map(),
  units: Map<string, string> = new Map(),
): Family[] {
  return [...Map.groupBy(samples, ({ name }) => familyOf(name, types))].map(([family, members]) => {
    const type = types.get(family) ?? 'untyped';
    const ours = members.filter(({ name }) => name === family || !name.endsWith('_created'));
    const name = type === 'counter' ? (ours[0]?.name ?? family) : family;
    const unit = units.get(family);
    return { name, type, help: unescape(helps.get(family) ?? ''), ...(unit && { unit }), samples: ours };
  });
}

function comments(lines: string[], word: string): Map<string, string> {
  const pattern = new RegExp(`^# ${word} (\\S+) (.*)$`);
  const found = lines.map((line) => pattern.exec(line)).filter((match) => match !== null);
  return new Map(found.map(([, name, text]) => [name!, text!]));
}

function familyOf(name: string, types: Map<string, string>): string {
  if (types.has(name)) return name;
  const stem = name.replace(parts, '');
  return types.has(stem) ? stem : name;
}
