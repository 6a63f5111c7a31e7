import type { Delivery } from './variants.ts';

/** A number, or in words why there is none. */
export type Measured = number | string;

/** What one variant showed in one round. */
export interface Sample {
  figures: Record<FigureName, Measured>;
  /** Per request. */
  delivered: Delivery;
}

interface Figure {
  title: string;
  digits: number;
}

/** What is measured, in the order of the tables. */
export const figures = {
  cpu: { title: 'CPU per 1000 requests, s', digits: 3 },
  rate: { title: 'requests/s', digits: 0 },
  p99: { title: 'p99, ms', digits: 1 },
  ready: { title: 'start to ready, s', digits: 2 },
  readyCpu: { title: '… CPU of that, s', digits: 2 },
  readyUncached: { title: '… without compile cache, s', digits: 2 },
  firstSpan: { title: 'first request to its span, s', digits: 2 },
  idle: { title: 'memory when idle, MiB', digits: 0 },
  highest: { title: 'most memory, MiB', digits: 0 },
} satisfies Record<string, Figure>;

export type FigureName = keyof typeof figures;
export const figureNames = Object.keys(figures) as FigureName[];
