export function integer(name: string, fallback: number, max: number): number {
  const text = process.env[name] || String(fallback);

  if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > max) {
    throw new Error(`${name} must be a whole number from 1 to ${max}, not "${text}"`);
  }

  return Number(text);
}

export function probability(name: string, fallback: number): number {
  const text = process.env[name] || String(fallback);

  if (!/^(0|1)?(\.\d+)?$/.test(text) || Number(text) > 1) {
    throw new Error(`${name} must be a number from 0.0 to 1.0, not "${text}"`);
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

export function choice<Value extends string>(name: string, values: Value[]): Value {
  const text = process.env[name] || values[0];
  const value = values.find((allowed) => allowed === text);

  if (!value) throw new Error(`${name} must be one of ${values.join(', ')}, not "${text}"`);

  return value;
}
