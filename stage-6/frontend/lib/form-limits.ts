// A body is kept in memory until it has been read, so its length must be known, and is limited.
export function isTooLong({ headers }: Request): boolean {
  return headers.has('transfer-encoding') || Number(headers.get('content-length')) > 64 * 1024;
}

// Other sites, and other ports of localhost, can send forms here. SameSite only keeps the cookie from other sites.
export function isForeign({ headers }: Request): boolean {
  return !['same-origin', 'none', null].includes(headers.get('sec-fetch-site'));
}
