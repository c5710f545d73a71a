import type { OutboundClient, UrlRefusal } from '@tollbook/outbound';
import { ProblemError } from '../problem.js';

export type VetDeps = {
  readonly vetUrl: (url: string) => Promise<UrlRefusal>;
  readonly outbound: Pick<OutboundClient, 'request'>;
};

const probeTimeoutMs = 2_000;

/**
 * Refuses a URL that no webhook could ever be delivered to: one that cannot be read, a private address, or one that
 * redirects, since redirects are never followed. A receiver that is away now may be back later.
 */
export async function vetWebhookUrl(deps: VetDeps, url: string): Promise<void> {
  if (url.includes('#')) throw refused('has a fragment, which is never sent');
  const refusal = await deps.vetUrl(url);
  if (refusal === 'invalid_url') throw refused('must be http:// or https://, without user name and password');
  if (refusal === 'address_blocked') throw refused('leads to an address that webhooks may not reach');
  if (await isRedirecting(deps.outbound, url)) throw refused('redirects, and redirects are never followed');
}

async function isRedirecting(outbound: VetDeps['outbound'], url: string): Promise<boolean> {
  try {
    const { status } = await outbound.request({
      url,
      method: 'HEAD',
      headersTimeoutMs: probeTimeoutMs,
      totalTimeoutMs: probeTimeoutMs,
      maxBodyBytes: 0,
      onTooLarge: 'truncate',
    });
    return status >= 300 && status < 400;
  } catch {
    return false;
  }
}

function refused(what: string): ProblemError {
  return new ProblemError('webhook_url_refused', `The field "url" ${what}.`, { parameter: 'url' });
}
