// Takes the place of a service's logger.ts: nothing is logged.
export const logger = { info() {}, warn() {}, error() {} };

export function cut(text: string): string {
  return text;
}
