// The status of the answer, or that there was none.
export async function ask(address: string): Promise<string> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(10_000) });
    await response.text();

    return String(response.status);
  } catch {
    return 'unanswered';
  }
}
