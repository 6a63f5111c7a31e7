import type { Fault } from '../check/fault.ts';
import { fillBlock } from './fill-block.ts';
import { fillMarker } from './fill-marker.ts';
import type { Piece } from './find-lines.ts';
import type { Lesson } from './lesson.ts';
import { parseMarkers, type Marker } from './markers.ts';
import { parseBlocks, parseMarkdown, type Block } from './parse-page.ts';

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
  /** As they were before. */
  blocks: Block[];
  markers: Marker[];
}

/** Fills the blocks and markers of a lesson's page from the folders; what cannot be filled stays as it was. */
export function fillPage(lesson: Lesson, text: string): FilledPage {
  const markdown = parseMarkdown(text);
  const blocks = parseBlocks(text, markdown);
  const markers = parseMarkers(text, markdown);
  const parts = [
    ...blocks.map((block) => fillBlock(lesson, block)),
    ...markers.map((marker) => fillMarker(lesson, marker)),
  ].sort((one, other) => one.start - other.start);
  let filled = '';
  let place = 0;
  for (const { start, end, text: part } of parts) {
    filled += text.slice(place, start) + (part ?? text.slice(start, end));
    place = end;
  }
  return { text: filled + text.slice(place), parts, blocks, markers };
}
