import type { Plan } from './plan.ts';

/** Warnings about services whose traces the built-in receiver cannot accept: it speaks only OTLP over HTTP. */
export function lostTraces({ receiver, services }: Pick<Plan, 'receiver' | 'services'>): string[] {
  if (!receiver) return [];
  return services.flatMap(({ name, environment }) => {
    const variables = ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'];
    const variable = variables.find((candidate) => environment[candidate]);
    if (!variable || environment[variable] !== 'grpc') return [];
    const remedy = `Set it to http/protobuf and send to port ${receiver.port}, or run the stage with Docker.`;
    return `${name}: its traces are lost, since the built-in receiver does not speak gRPC (${variable}=grpc). ${remedy}`;
  });
}
