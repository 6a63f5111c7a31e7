import { MultiBar, Presets, type Options, type Params } from 'cli-progress';

/** Shows how far downloads are. */
export interface Progress {
  /** Begins a line, and returns what to call with the bytes received and the whole size where it is known. */
  begin: (name: string) => (received: number, total: number | undefined) => void;
  /** A line that stays. */
  say: (text: string) => void;
  end: () => void;
}

/** Bytes, for people. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

/** Bars in a terminal; elsewhere a line when a download begins. */
export function openProgress(): Progress {
  return process.stderr.isTTY ? bars() : lines();
}

function bars(): Progress {
  // Lines that should stay are printed below the bars, once the bars are done.
  const said: string[] = [];
  const bars = new MultiBar({ format: barLine, hideCursor: true, stream: process.stderr }, Presets.shades_grey);
  return {
    begin: (name) => {
      const bar = bars.create(0, 0, { name });
      return (received, total) => {
        if (total !== undefined) bar.setTotal(total);
        bar.update(received);
      };
    },
    say: (text) => void said.push(text),
    end: () => {
      bars.stop();
      for (const text of said) console.error(text);
    },
  };
}

/** Without a total there is neither a bar nor a time left. */
export function barLine(options: Options, { value, total, eta }: Params, { name }: { name: string }): string {
  const title = name.padEnd(26);
  if (!total) return `${title} ${megabytes(value)}, size unknown`;
  const width = 24;
  const done = Math.round((Math.min(value, total) / total) * width);
  const bar =
    (options.barCompleteString ?? '').slice(0, done) + (options.barIncompleteString ?? '').slice(0, width - done);
  const left = Number.isFinite(eta) && value < total ? `, ${timeLeft(eta)} left` : '';
  return `${title} ${bar} ${megabytes(value)} of ${megabytes(total)}${left}`;
}

function timeLeft(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

function lines(): Progress {
  return {
    begin: (name) => {
      let announced = false;
      return (_, total) => {
        if (!announced) console.error(`${name}: fetching ${total === undefined ? '(size unknown)' : megabytes(total)}`);
        announced = true;
      };
    },
    say: (text) => console.error(text),
    end: () => {},
  };
}
