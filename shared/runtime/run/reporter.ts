import type { Line } from './lines.ts';
import { openLogFiles } from './log-files.ts';
import type { TelemetryWay } from './telemetry-way.ts';
import { openTerminal } from './terminal.ts';

/** The name of the runtime's own messages among the services' lines. */
const runtimeName = 'runtime';
const reportedLines = 12;

/** Passes on what services print, and what happens to them. */
export interface Reporter {
  onLine: (line: Line) => void;
  /** What happened to a service, with its last lines. */
  explain: (service: string, what: string) => string;
  /** Reports it everywhere: to the terminal that ran `up`, to `logs`, and to `watch`. */
  report: (text: string) => void;
}

export function openReporter(stage: string, way: TelemetryWay): Reporter {
  const keep = openLogFiles(stage);
  const tellTerminal = openTerminal();
  const last = new Map<string, string[]>();
  return {
    onLine: (line) => {
      last.set(line.service, [...(last.get(line.service) ?? []), line.text].slice(-reportedLines));
      keep(line);
      way.send(line);
    },
    explain: (service, what) => {
      const lines = last.get(service);
      // The next report is about the service's next life.
      last.delete(service);
      if (!lines) return `${service} ${what}. It printed nothing.`;
      return [`${service} ${what}. Its last lines:`, ...lines.map((line) => `  | ${line}`)].join('\n');
    },
    report: (text) => {
      for (const line of text.split('\n'))
        keep({ service: runtimeName, source: 'stderr', text: line, time: new Date() });
      way.notice(text);
      tellTerminal(text);
    },
  };
}
