import { randomBytes } from 'node:crypto';

function integer(name: string, fallback: number, max: number): number {
  const text = process.env[name] || String(fallback);

  if (!/^\d+$/.test(text) || Number(text) > max) {
    throw new Error(`${name} must be a whole number from 0 to ${max}, not "${text}"`);
  }

  return Number(text);
}

function url(name: string, fallback: string): string {
  const text = process.env[name] || fallback;

  if (!URL.canParse(text) || !text.startsWith('http')) {
    throw new Error(`${name} must be an address such as ${fallback}, not "${text}"`);
  }

  return text.replace(/\/+$/, '');
}

function secret(name: string): string {
  const text = process.env[name] || randomBytes(32).toString('base64');

  if (Buffer.byteLength(text) < 32) throw new Error(`${name} must be at least 32 bytes long`);

  return text;
}

export const config = {
  host: process.env.HOST || '127.0.0.1',
  port: integer('PORT', 8080, 65_535),
  diceRollerUrl: url('DICE_ROLLER_URL', 'http://127.0.0.1:8000'),
  dieServiceUrl: url('DIE_SERVICE_URL', 'http://127.0.0.1:8001'),
  backendTimeoutMs: integer('BACKEND_TIMEOUT_MS', 5000, 60_000),
  // As the user's browser sees it.
  grafanaUrl: url('GRAFANA_URL', 'http://127.0.0.1:3000'),
  // Anyone who knows it can make sessions. With a random one, all sessions end with the process.
  sessionSecret: secret('SESSION_SECRET'),
};
