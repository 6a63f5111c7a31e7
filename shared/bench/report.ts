import Table from 'cli-table3';
import { figureNames, figures, type FigureName, type Measured, type Sample } from './figures.ts';
import { quantile, summarize } from './statistics.ts';
import type { Delivery, Variant } from './variants.ts';

/** A variant and what it showed, one sample a round. */
export interface Result {
  variant: Variant;
  samples: Sample[];
}

const deliveries: Record<keyof Delivery, string> = {
  spans: 'spans per request',
  lines: 'log lines per request',
  counts: 'counts per request',
};

/** Medians over the rounds, each with its spread in percent. */
export function figureTable(results: Result[]): string {
  const rows = figureNames.map((name) => [figures[name].title, ...results.map(({ samples }) => cell(samples, name))]);
  return table(['median ± spread', ...names(results)], rows);
}

/** What each variant takes of what the first one does, and what it delivers for that. */
export function ratioTable(results: Result[]): string {
  const ratios = figureNames.map((name) => [
    figures[name].title.replace(/, \w+$/, ''),
    ...results.map((result) => {
      const value = ratio(result, results[0]!, name);
      return typeof value === 'string' ? value : value.toFixed(2);
    }),
  ]);
  const delivered = Object.entries(deliveries).map(([name, title]) => [
    title,
    ...results.map((result) => deliveryCell(result, name as keyof Delivery)),
  ]);
  return table([`ratio to ${results[0]!.variant.name}`, ...names(results)], [...ratios, ...delivered]);
}

/** The median of a figure; where one round has none, why. */
export function median(samples: Sample[], name: FigureName): Measured {
  const values = numbers(samples.map((sample) => sample.figures[name]));
  return typeof values === 'string' ? values : quantile(values, 0.5);
}

/** The median of the ratios of each round, so that what slows a machine for a while slows both sides. */
export function ratio(result: Result, base: Result, name: FigureName): Measured {
  const values = numbers(result.samples.map((sample) => sample.figures[name]));
  const bases = numbers(base.samples.map((sample) => sample.figures[name]));
  if (typeof values === 'string' || typeof bases === 'string') return '–';
  return quantile(
    values.map((value, round) => value / bases[round]!),
    0.5,
  );
}

/** In words, each variant that in some round did not deliver what it must; ideally there is none. */
export function losses(results: Result[]): string[] {
  return results.flatMap(({ variant, samples }) =>
    (Object.keys(deliveries) as (keyof Delivery)[])
      .filter((name) => samples.some(({ delivered }) => delivered[name] !== variant.delivers[name]))
      .map((name) => {
        const seen = samples.map(({ delivered }) => delivered[name]).join(', ');
        return `${variant.name}: ${deliveries[name]} must be ${variant.delivers[name]} in every round, not ${seen}`;
      }),
  );
}

function cell(samples: Sample[], name: FigureName): string {
  const values = numbers(samples.map((sample) => sample.figures[name]));
  if (typeof values === 'string') return values;
  const { median, spread } = summarize(values);
  return `${median.toFixed(figures[name].digits)} ±${((100 * spread) / median).toFixed(0)}%`;
}

function deliveryCell({ samples }: Result, name: keyof Delivery): string {
  const value = quantile(
    samples.map(({ delivered }) => delivered[name]),
    0.5,
  );
  return String(Number(value.toFixed(4)));
}

function numbers(values: Measured[]): number[] | string {
  return values.find((value) => typeof value === 'string') ?? (values as number[]);
}

function names(results: Result[]): string[] {
  return results.map(({ variant }) => variant.name);
}

/** In Markdown, so that it can be pasted into a page. */
function table(head: string[], rows: string[][]): string {
  const outside = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '' };
  const below = { bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' };
  const lines = { left: '|', middle: '|', right: '|', mid: '-', 'left-mid': '|', 'mid-mid': '|', 'right-mid': '|' };
  const style = { head: [], border: [], compact: true };
  const markdown = new Table({ head, chars: { ...outside, ...below, ...lines }, style });
  markdown.push(...rows);
  return markdown.toString();
}
