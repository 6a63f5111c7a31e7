/** Everything that listens in any stage. With `_PORT` added, a name is the variable that sets the port. */
export const stagePorts = [
  ...(['DICE_ROLLER', 'FRONTEND', 'DIE_SERVICE', 'POSTGRES', 'POSTGRES_EXPORTER'] as const),
  ...(['OTLP_GRPC', 'OTLP_HTTP', 'FLUENTD', 'PROMETHEUS', 'LOKI', 'TEMPO', 'GRAFANA'] as const),
];

export type PortName = (typeof stagePorts)[number];

/** The variables that set the ports. */
export const portVariables = stagePorts.map((name) => `${name}_PORT`);
