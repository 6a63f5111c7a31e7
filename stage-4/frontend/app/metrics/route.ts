import { registryFor } from '../../lib/exposition.ts';
import '../../lib/metrics.ts';

export async function GET({ headers }: Request): Promise<Response> {
  const registry = registryFor(headers.get('accept') ?? undefined);

  return new Response(await registry.metrics(), { headers: { 'Content-Type': registry.contentType } });
}
