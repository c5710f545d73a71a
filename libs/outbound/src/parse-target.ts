import { OutboundError } from './outbound-error.js';

/** Where a request goes: an origin for the connection pool, and what stands in the request line. */
export type Target = { origin: string; path: string };

/** Reads a URL as browsers do (so `http://0x7f.1` is 127.0.0.1); refuses other schemes and user names. */
export function parseTarget(text: string): Target {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (url === undefined || !isHttp || url.username !== '' || url.password !== '' || url.hostname === '') {
    throw new OutboundError('invalid_url', false);
  }
  return { origin: url.origin, path: `${url.pathname}${url.search}` };
}
