import { registry } from '../../lib/metrics.ts';

export async function GET(): Promise<Response> {
  return new Response(await registry.metrics(), { headers: { 'Content-Type': registry.contentType } });
}
