/// <reference lib="dom" />
import type { Attributes, Span } from '../../receiver/model.ts';
import { element } from './dom.ts';
import { duration, offset, valueText } from './format.ts';
import { serviceLabel } from './services.ts';

/** Everything in a span: what it is, its attributes and its events. */
export function spanDetails(span: Span): Node[] {
  const { service, name, kind, status, statusMessage, durationMs, spanId, attributes, events } = span;
  const said = [kind.toLowerCase(), duration(durationMs), status === 'UNSET' ? undefined : `status ${status}`];
  return [
    element('p', {}, serviceLabel(service), ' ', element('strong', {}, name || '(no name)')),
    element('p', { class: 'hint' }, `${said.filter(Boolean).join(' · ')} · span `, element('code', {}, spanId)),
    ...(statusMessage ? [element('p', { class: 'error' }, statusMessage)] : []),
    attributeList('Attributes', attributes),
    ...events.flatMap((event) => [
      element(
        'h4',
        {},
        `Event: ${event.name} `,
        element('span', { class: 'hint' }, offset(event.timeMs, span.startMs)),
      ),
      attributeList(`Attributes of ${event.name}`, event.attributes),
    ]),
  ];
}

function attributeList(label: string, attributes: Attributes): HTMLElement {
  const entries = Object.entries(attributes).sort(([a], [b]) => a.localeCompare(b));
  if (entries.length === 0) return element('p', { class: 'hint' }, 'No attributes.');
  const pairs = entries.flatMap(([key, value]) => [
    element('dt', {}, ...breakable(key)),
    element('dd', { class: 'value' }, valueText(value)),
  ]);
  return element('dl', { 'aria-label': label }, ...pairs);
}

/** `http.response.status_code` may go on in the next line after a dot or an underscore. */
function breakable(key: string): (Node | string)[] {
  return key.split(/(?<=[._])/).flatMap((part) => [part, element('wbr')]);
}
