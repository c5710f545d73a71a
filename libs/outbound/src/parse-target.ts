import { OutboundError } from './outbound-error.js';

/** Where a request goes: an origin for the connection pool, and what stands in the request line. */
export type Target = { origin: string; path: string };

/** Reads a URL as browsers do (so `http://0x7f.1` is 127.0.0.1); refuses other schemes, user names and port 0. */
export function parseTarget(text: string): Target {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  const hasUser = url !== undefined && (url.username !== '' || url.password !== '');
  // Nothing listens on port 0.
  if (url === undefined || !isHttp || hasUser || url.hostname === '' || url.port === '0') {
    throw new OutboundError('invalid_url', false);
  }
  return { origin: url.origin, path: `${url.pathname}${url.search}` };
}
