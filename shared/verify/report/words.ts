import type { Fault, FaultArguments, FaultCode } from '../compare/fault.ts';
import { show, showRule } from '../contract/values.ts';

/** How each fault reads after the name of the thing that has it. */
const words: { [Code in FaultCode]: (details: FaultArguments[Code]) => string } = {
  'never-seen': ({ nearest }) => `was never seen${nearest ? `; the nearest is ${inWords(nearest)}` : ''}`,
  undeclared: () => 'is not declared',
  unreadable: ({ reason }) => `could not be read: ${reason}`,

  'wrong-type': ({ seen, declared }) => `is a ${seen}, but is declared as a ${declared}`,
  'wrong-unit': ({ seen, declared }) => `has the unit ${seen}, but ${declared} is declared`,
  'wrong-buckets': ({ seen, declared }) => `has the buckets ${listed(seen)}, but ${listed(declared)} are declared`,
  'missing-label': ({ label }) => `lacks the label ${label}`,
  'undeclared-label': ({ label }) => `has the undeclared label ${label}`,
  'undeclared-label-value': ({ label, value }) => `label ${label} had the undeclared value ${show(value)}`,
  'unseen-label-value': ({ label, value }) => `label ${label} never had the value ${value || '""'}`,

  'missing-value': ({ of, name }) => `lacks the ${of} ${name}`,
  'undeclared-value': ({ of, name, seen }) => `has the undeclared ${of} ${name} (${show(seen)})`,
  'wrong-value': ({ of, name, seen, declared }) =>
    `${of} ${name} was ${show(seen)}, but ${showRule(declared)} is declared`,
  'unseen-value': ({ of, name, declared }) => `${of} ${name} never had the value ${show(declared)}`,
  'unseen-name': ({ of, name }) => `${of} ${name} was never seen`,

  'not-an-object': ({ line }) => `a line is not one JSON object: ${line}`,
  'no-timestamp': ({ line }) => `a line has no timestamp in ISO 8601 and UTC: ${line}`,
  'wrong-level': ({ seen, declared }) => `level was ${show(seen)}, but ${show(declared)} is declared`,
  'unwanted-trace': () => 'has a trace_id or span_id, but none is declared',
  'missing-id': ({ name }) => `lacks the field ${name}`,
  'invalid-id': ({ name, seen }) => `field ${name} is not a valid id: ${show(seen)}`,

  'wrong-status': ({ seen, declared }) => `status was ${seen}, but ${declared.join(' or ')} is declared`,
  'wrong-parent': ({ seen, declared }) => `parent was ${seen}, but ${declared.map(show).join(' or ')} is declared`,
  'unseen-parent': ({ parent }) => `never had the parent ${parent}`,
  'missing-event': ({ event }) => `lacks the event ${event}`,
  'undeclared-event': ({ event }) => `has the undeclared event ${event}`,
  'broken-trace': ({ span, traceId }) => `${span} was answered, but no server span follows it in trace ${traceId}`,

  'span-count': ({ seen, expected, because }) =>
    `left ${seen} server span${seen === 1 ? '' : 's'} instead of ${expected}: ${
      because === 'one request' ? 'it was one request' : 'http_requests_total counted as many requests'
    }`,
  'unwanted-spans': ({ count }) => `left ${count} span${count === 1 ? '' : 's'} but should leave none`,
  'unwanted-line': ({ line }) => `was logged: ${line}`,
  'unwanted-exemplar': ({ metric }) => `left an exemplar at ${metric}, but there is no trace to open`,

  'lines-among-usage': ({ count, first }) => `${count} ordinary lines are in the usage file, such as ${first}`,
  'usage-among-lines': ({ count, first }) => `${count} usage records are among the application logs, such as ${first}`,
  'nothing-came': () => 'none of its lines has arrived',
  'no-usage-file': () => "has no separate file: the collector's configuration routes nothing to a file on a volume",

  'unknown-panel': () => 'is in empty_panels, but no dashboard has it',
  'not-in-grafana': ({ reason }) => reason,
  'unknown-source': ({ uid }) => `asks the data source "${uid}", which is not provisioned`,
  'query-refused': ({ reason, query }) => `was refused: ${reason}. The query: ${query}`,
  'query-empty': ({ query }) => `is valid, but shows nothing: ${query}`,
};

/** One fault as a person reads it: what is wrong, without the thing that has it. */
export function faultText({ code, arguments: details }: Fault): string {
  return (words[code] as (details: unknown) => string)(details);
}

function inWords({ name, faults }: { name: string; faults: Fault[] }): string {
  return `a span named ${[show(name), ...faults.map(faultText)].join(', that ')}`;
}

function listed(numbers: number[]): string {
  return numbers.join(', ') || 'none';
}
