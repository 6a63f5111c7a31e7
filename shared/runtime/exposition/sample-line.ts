/** One line of /metrics. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
  /** The labels of its exemplar, in OpenMetrics. */
  exemplar?: Record<string, string>;
}

const labelSet = String.raw`\{((?:"(?:\\.|[^"\\])*"|[^"}])*)\}`;
const sampleLine = new RegExp(String.raw`^([a-zA-Z_:][\w:]*)(?:${labelSet})?\s+(\S+)(?:[^#]*# ${labelSet})?`);
const labelPair = /([a-zA-Z_]\w*)="((?:\\.|[^"\\])*)"/g;

/**
 * Reads one sample of /metrics, with its exemplar.
 * Rules: https://prometheus.io/docs/instrumenting/exposition_formats/ and
 * https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md
 * @throws Error quoting a line that is no sample
 */
export function readSample(line: string): Sample {
  const [, name, labels = '', value, exemplar] = sampleLine.exec(line) ?? [];
  if (name === undefined) throw new Error(`This line of /metrics cannot be read: ${line.slice(0, 80)}`);
  return {
    ...{ name, labels: readLabels(labels), value: readNumber(value!) },
    ...(exemplar !== undefined && { exemplar: readLabels(exemplar) }),
  };
}

/** Infinity has a name that Number() does not know. */
function readNumber(text: string): number {
  return Number(text.replace(/inf$/i, 'Infinity'));
}

function readLabels(inner: string): Record<string, string> {
  return Object.fromEntries([...inner.matchAll(labelPair)].map(([, key, quoted]) => [key, unescape(quoted!)]));
}

/** Undoes the escapes of a label's value or of a help text. */
export function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, character) => (character === 'n' ? '\n' : character));
}
