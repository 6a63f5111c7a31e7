// People read these errors: one line says what to do, a stack does not.
process.on('uncaughtException', ({ message }) => {
  console.error(message);
  process.exit(1);
});

// The reader of the output may stop early (`| head`).
process.stdout.on('error', () => process.exit());

export function integer(name: string, fallback: number, max: number): number {
  const text = process.env[name] || String(fallback);

  if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > max) {
    throw new Error(`${name} must be a whole number from 1 to ${max}, not "${text}"`);
  }

  return Number(text);
}

export function url(name: string, fallback: string): string {
  const text = process.env[name] || fallback;

  if (!URL.canParse(text) || !text.startsWith('http')) {
    throw new Error(`${name} must be an address such as ${fallback}, not "${text}"`);
  }

  return text.replace(/\/+$/, '');
}
