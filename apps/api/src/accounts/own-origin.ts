import type { IncomingHttpHeaders } from 'node:http';

export type OriginVerdict = 'own' | 'foreign' | 'unsaid';

/**
 * Whether a page of ours sent a request. Browsers say where an unsafe request comes from in `Origin`, which no script
 * can set; ours are the public address, and the very host that the request was sent to; a machine's own names mean one address. `Sec-Fetch-Site` counts where
 * there is no `Origin`. `unsaid` comes from programs, which have no cookies that a stranger could use.
 */
export function originVerdict(headers: IncomingHttpHeaders, publicUrl: string): OriginVerdict {
  const { origin, host } = headers;
  if (origin !== undefined) {
    if (!URL.canParse(origin)) return 'foreign';
    const [from, own] = [new URL(origin), new URL(publicUrl)];
    const isOwn = from.origin === own.origin || from.host === host?.toLowerCase() || isSameLoopback(from, own);
    return isOwn ? 'own' : 'foreign';
  }
  const site = headers['sec-fetch-site'];
  if (site === undefined) return 'unsaid';
  return site === 'same-origin' ? 'own' : 'foreign';
}

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

function isSameLoopback(one: URL, other: URL): boolean {
  const isLoopback = loopbackNames.includes(one.hostname) && loopbackNames.includes(other.hostname);
  return isLoopback && one.protocol === other.protocol && one.port === other.port;
}
