// Next.js calls this once, before the first request. It builds this file for its edge runtime too, where the SDK cannot run.
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    await import('./instrumentation.node.ts');
    const { fetchDice } = await import('./lib/die-service.ts');
    await fetchDice();
  }
}
