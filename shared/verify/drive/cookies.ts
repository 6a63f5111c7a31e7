/** The cookies of one service, as a browser would keep them. */
export interface Cookies {
  /** The header to send them with, if there are any. */
  headers: () => { cookie?: string };
  keep: (response: Response) => void;
}

export function openCookies(): Cookies {
  const jar = new Map<string, string>();
  return {
    headers: () => {
      const cookie = [...jar].map((pair) => pair.join('=')).join('; ');
      return cookie === '' ? {} : { cookie };
    },
    keep: (response) => {
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
        // A service ends a cookie by giving it an empty value that has expired.
        if (value === '') jar.delete(name);
        else jar.set(name, value);
      }
    },
  };
}
