// A body is kept in memory until it has been read, so its length must be known, and is limited.
export function isTooLong({ headers }: Request): boolean {
  return headers.has('transfer-encoding') || Number(headers.get('content-length')) > 64 * 1024;
}
