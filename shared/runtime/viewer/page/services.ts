/// <reference lib="dom" />
import { element } from './dom.ts';

const colours = 8;
const given = new Map<string, number>();

/** The service's colour, as a class of the style sheet: from its name, so that it is the same tomorrow. */
export function colourOf(service: string): string {
  let colour = given.get(service);
  if (colour === undefined) {
    const hash = [...service].reduce((sum, character) => (sum * 31 + character.codePointAt(0)!) >>> 0, 7);
    const free = (step: number): boolean => ![...given.values()].includes((hash + step) % colours);
    const step = [...Array(colours).keys()].find(free) ?? 0;
    given.set(service, (colour = (hash + step) % colours));
  }
  return `colour-${colour}`;
}

/** The service's name beside its colour. */
export function serviceLabel(service: string): HTMLElement {
  return element('span', { class: `service ${colourOf(service)}` }, service);
}
