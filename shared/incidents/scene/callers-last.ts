import type { Link } from './links.ts';

/** Groups services so that each comes after those that it calls; those of one group do not call each other. */
export function callersLast(services: string[], links: Pick<Link, 'from' | 'to'>[]): string[][] {
  const groups: string[][] = [];
  let left = services;
  while (left.length > 0) {
    const next = left.filter((service) => !links.some(({ from, to }) => from === service && left.includes(to)));
    // Services that call each other in a circle have no order.
    groups.push(next.length > 0 ? next : left);
    left = next.length > 0 ? left.filter((service) => !next.includes(service)) : [];
  }
  return groups;
}
