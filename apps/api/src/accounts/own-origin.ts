import type { IncomingHttpHeaders } from 'node:http';

export type OriginVerdict = 'own' | 'foreign' | 'unsaid';

/**
 * Whether a page of ours sent a request. Browsers say where an unsafe request comes from in `Origin`, which no script
 * can set; ours are the public address, and the very host that the request was sent to. `Sec-Fetch-Site` counts where
 * there is no `Origin`. `unsaid` comes from programs, which have no cookies that a stranger could use.
 */
export function originVerdict(headers: IncomingHttpHeaders, publicUrl: string): OriginVerdict {
  const { origin, host } = headers;
  if (origin !== undefined) {
    if (origin === new URL(publicUrl).origin) return 'own';
    return URL.canParse(origin) && host !== undefined && new URL(origin).host === host.toLowerCase()
      ? 'own'
      : 'foreign';
  }
  const site = headers['sec-fetch-site'];
  if (site === undefined) return 'unsaid';
  return site === 'same-origin' ? 'own' : 'foreign';
}
