import type { Contract, Demanded, ServiceContract } from './contract.ts';

/**
 * The same contract, where everything that is optional must be seen, too, if not in each of its values, and every further
 * value of a label.
 */
export function demandAll(contract: Contract): Contract {
  const services = Object.entries(contract.services).map(([name, service]) => [name, demandOf(service)] as const);
  return { ...contract, services: Object.fromEntries(services) };
}

function demandOf({ metrics, logs, usage, spans, ...rest }: ServiceContract): ServiceContract {
  return {
    ...rest,
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, metric]) => [name, demanded(metric)])),
    ...{ logs: logs.map(demanded), usage: usage.map(demanded), spans: spans.map(demanded) },
  };
}

function demanded<T>(thing: T): T & Demanded {
  return { ...thing, demanded: true };
}
