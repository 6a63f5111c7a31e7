// Takes the place of a service's instrumentation.ts: the SDK is not even loaded.
export async function shutdownTelemetry(): Promise<void> {}
