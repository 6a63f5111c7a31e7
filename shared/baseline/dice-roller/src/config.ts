function integer(name: string, fallback: number, max: number, min = 0): number {
  const text = process.env[name] || String(fallback);

  if (!/^\d+$/.test(text) || Number(text) < min || Number(text) > max) {
    throw new Error(`${name} must be a whole number from ${min} to ${max}, not "${text}"`);
  }

  return Number(text);
}

export const config = {
  host: process.env.HOST || '127.0.0.1',
  port: integer('PORT', 8000, 65_535),
  // Shortened by tests and benchmarks only.
  rollMaxDelayMs: integer('ROLL_MAX_DELAY_MS', 1000, 60_000),
};
