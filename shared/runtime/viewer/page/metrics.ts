/// <reference lib="dom" />
import type { Metric, Series, ServiceMetrics } from '../model.ts';
import { byId, element, getJson } from './dom.ts';
import { count, duration, numberText } from './format.ts';
import { pairTexts } from './log-lines.ts';
import { serviceLabel } from './services.ts';

const body = byId('metric-body');

/** With more than this, a service's metrics stay folded until they are opened. */
const mostOpen = 40;

let shown = '';

/** Asks the services for their metrics, and shows them. If nothing answers, what was shown stays. */
export async function refreshMetrics(): Promise<void> {
  const { services } = await getJson<{ services: ServiceMetrics[] }>('api/metrics');
  const next = JSON.stringify(services);
  // Whatever has not changed is left untouched, because somebody may have selected text in it.
  if (next === shown) return;
  shown = next;
  const closed = new Set([...body.querySelectorAll<HTMLElement>('details:not([open])')].map(nameOf));
  const known = new Set([...body.querySelectorAll<HTMLElement>('details')].map(nameOf));
  const focused = nameOf(document.activeElement?.parentElement ?? undefined);
  body.replaceChildren(...(services.length > 0 ? services.map(group) : [nothing()]));
  for (const details of body.querySelectorAll('details')) {
    if (known.has(nameOf(details))) details.open = !closed.has(nameOf(details));
    if (focused && nameOf(details) === focused) details.querySelector('summary')!.focus({ preventScroll: true });
  }
}

function nameOf(details: HTMLElement | undefined): string {
  return details?.dataset.service ?? '';
}

function nothing(): HTMLElement {
  return element('p', { class: 'empty' }, 'This stage’s Prometheus configuration names no service that runs here.');
}

function group({ service, url, fault, metrics }: ServiceMetrics): HTMLElement {
  const address = element('span', { class: 'hint' }, ` ${fault ? '' : `${count(metrics.length, 'metric')} · ${url}`}`);
  const summary = element('summary', {}, element('h3', {}, serviceLabel(service)), address);
  const content = fault
    ? element('p', { class: 'error' }, fault)
    : element('div', { class: 'cards' }, ...metrics.map(card));
  const open = metrics.length <= mostOpen ? '' : undefined;
  return element('details', { open, 'data-service': service }, summary, content);
}

function card({ name, type, help, series }: Metric): HTMLElement {
  const isDistribution = type === 'histogram' || type === 'summary';
  const heads = ['Labels', ...(isDistribution ? ['Count', 'Average'] : ['Value'])];
  const cells = heads.map((head, index) =>
    element('th', { scope: 'col', class: index > 0 ? 'number' : undefined }, head),
  );
  const table = element(
    'table',
    { 'aria-label': name },
    element('thead', {}, element('tr', {}, ...cells)),
    element('tbody', {}, ...series.map((one) => seriesRow(one, name, isDistribution))),
  );
  const title = element('h4', {}, element('code', {}, name), ' ', element('span', { class: 'hint' }, type));
  return element('article', {}, title, element('p', { class: 'hint' }, help), table);
}

function seriesRow({ labels, value, count, sum }: Series, name: string, isDistribution: boolean): HTMLElement {
  // To Prometheus, a label without a value and no label are the same.
  const pairs = Object.entries(labels).filter(([, text]) => text !== '');
  const numbers = isDistribution ? [numberText(count), average(name, count, sum)] : [numberText(value)];
  return element(
    'tr',
    {},
    element('td', { class: 'value' }, ...(pairs.length > 0 ? pairTexts(pairs) : ['(none)'])),
    ...numbers.map((text) => element('td', { class: 'number' }, text)),
  );
}

function average(name: string, count = 0, sum?: number | null): string {
  if (count === 0 || sum === undefined || sum === null) return '–';
  return name.endsWith('_seconds') ? duration((1000 * sum) / count) : numberText(sum / count);
}
