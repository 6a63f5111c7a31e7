/// <reference lib="dom" />
import { element } from './dom.ts';

const colours = 8;
const known: string[] = [];

/** The service's colour, as a class of the style sheet. The stage's own come first, so that theirs never change. */
export function colourOf(service: string): string {
  if (!known.includes(service)) known.push(service);
  return `colour-${known.indexOf(service) % colours}`;
}

/** The service's name beside its colour. */
export function serviceLabel(service: string): HTMLElement {
  return element('span', { class: `service ${colourOf(service)}` }, service);
}
