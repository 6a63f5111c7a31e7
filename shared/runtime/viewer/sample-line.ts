/** One line of /metrics. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const sampleLine = /^([a-zA-Z_:][\w:]*)(?:\{((?:"(?:\\.|[^"\\])*"|[^"}])*)\})?\s+(\S+)/;
const labelPair = /([a-zA-Z_]\w*)="((?:\\.|[^"\\])*)"/g;

/**
 * Reads one sample of /metrics; an exemplar after it is passed over.
 * Rules: https://prometheus.io/docs/instrumenting/exposition_formats/
 * @throws Error quoting a line that is no sample
 */
export function readSample(line: string): Sample {
  const [, name, inner = '', value] = sampleLine.exec(line) ?? [];
  if (name === undefined) throw new Error(`This line of /metrics cannot be read: ${line.slice(0, 80)}`);
  const pairs = [...inner.matchAll(labelPair)].map(([, key, quoted]) => [key, unescape(quoted!)]);
  return { name, labels: Object.fromEntries(pairs), value: Number(value) };
}

/** Undoes the escapes of a label's value or of a help text. */
export function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, character) => (character === 'n' ? '\n' : character));
}
