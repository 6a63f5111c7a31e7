/// <reference lib="dom" />
import type { AttributeValue } from '../../receiver/model.ts';
import { element } from './dom.ts';

/** `0.42 ms`, `12.3 ms`, `1.50 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(2)} s`;
  return `${milliseconds.toFixed(milliseconds < 10 ? 2 : 1)} ms`;
}

/** The time of day, where the reader is. */
export function timeOfDay(milliseconds: number): HTMLTimeElement {
  const time = new Date(milliseconds);
  const two = (part: number): string => String(part).padStart(2, '0');
  const text = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
  const rest = String(time.getMilliseconds()).padStart(3, '0');
  return element('time', { datetime: time.toISOString() }, text, element('span', { class: 'fraction' }, `.${rest}`));
}

/** A moment counted from the start of its trace, as the waterfall counts. */
export function offset(milliseconds: number, startMs: number): HTMLTimeElement {
  const time = new Date(milliseconds).toISOString();
  const since = milliseconds - startMs;
  return element('time', { datetime: time, title: time }, `${since < 0 ? '−' : '+'}${duration(Math.abs(since))}`);
}

/** An attribute's value in readable form. */
export function valueText(value: AttributeValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `1 span`, `2 spans`. */
export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}

/** A metric's number: whole numbers unchanged, others with four significant digits. */
export function numberText(value: number | null | undefined): string {
  if (value === null || value === undefined) return 'not a number';
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
