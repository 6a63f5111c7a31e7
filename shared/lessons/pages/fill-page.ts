import type { Fault } from '../check/fault.ts';
import { fillBlock } from './fill-block.ts';
import { fillMarker } from './fill-marker.ts';
import type { Piece } from './find-lines.ts';
import type { Lesson } from './lesson.ts';
import { parseMarkers } from './markers.ts';
import { parseBlocks } from './parse-page.ts';

/** A part of a page as it should be, or why it cannot be filled. */
export interface Filled {
  line: number;
  start: number;
  end: number;
  /** Undefined where it cannot be filled. */
  text?: string;
  shows: Piece[];
  fault?: Pick<Fault, 'fault' | 'remedy'>;
}

export interface FilledPage {
  text: string;
  parts: Filled[];
}

/** Fills the blocks and markers of a lesson's page from the folders; what cannot be filled stays as it was. */
export function fillPage(lesson: Lesson, text: string): FilledPage {
  const blocks = parseBlocks(text).map((block) => fillBlock(lesson, block));
  const markers = parseMarkers(text).map((marker) => fillMarker(lesson, marker));
  const parts = [...blocks, ...markers].sort((one, other) => one.start - other.start);
  let filled = '';
  let place = 0;
  for (const { start, end, text: part } of parts) {
    filled += text.slice(place, start) + (part ?? text.slice(start, end));
    place = end;
  }
  return { text: filled + text.slice(place), parts };
}
