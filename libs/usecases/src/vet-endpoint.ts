import {
  checkEndpointPattern,
  type EndpointCaps,
  isTimeoutSellable,
  type SettleMode,
  unkeepableCap,
  upstreamTimeoutMsMax,
  upstreamTimeoutMsMin,
} from '@tollbook/domain';
import { type ConfigurationRefusal, refuse } from './configuration-refusal.js';
import type { SellingDeps } from './selling-deps.js';

/** What of an endpoint is judged by itself, before any book is read. Absent is what is not changed. */
export type EndpointSettings = {
  readonly pattern?: { readonly method: string; readonly path: string };
  readonly timeoutMs?: number | undefined;
  readonly upstream?: string | undefined;
};

/** The first thing that cannot be sold like this, or null: method, path, timeout, upstream. */
export async function vetEndpoint(
  deps: Pick<SellingDeps, 'vetUrl'>,
  { pattern, timeoutMs, upstream }: EndpointSettings,
): Promise<ConfigurationRefusal | null> {
  if (pattern) {
    const checked = checkEndpointPattern(pattern);
    if (checked.kind === 'refused') {
      return refuse(checked.reason, checked.reason === 'method_invalid' ? 'method' : 'path', checked.detail);
    }
  }
  if (timeoutMs !== undefined && !isTimeoutSellable(timeoutMs)) {
    const bounds = `from ${upstreamTimeoutMsMin} to ${upstreamTimeoutMsMax}`;
    return refuse('timeout_out_of_range', 'timeoutMs', `An upstream may be given ${bounds} milliseconds.`);
  }
  if (upstream === undefined) return null;
  // The gate appends query and path to it, which a fragment would swallow.
  const isWhole = !upstream.includes('#');
  const refusal = isWhole ? await deps.vetUrl(upstream) : 'invalid_url';
  if (refusal === 'invalid_url') {
    return refuse('upstream_invalid', 'upstream', 'Write an http:// or https:// URL without user name or fragment.');
  }
  if (refusal === 'address_blocked') {
    return refuse(
      'upstream_not_allowed',
      'upstream',
      'The upstream is at a private or reserved address. TOLLBOOK_OUTBOUND_ALLOW names those that may be reached.',
    );
  }
  return null;
}

/** Whether the caps can be kept, which depends on when money moves. */
export function vetCaps(endpoint: {
  readonly caps: EndpointCaps;
  readonly settleMode: SettleMode;
}): ConfigurationRefusal | null {
  const unkept = unkeepableCap(endpoint.caps, endpoint.settleMode);
  if (unkept === null) return null;
  const why = endpoint.settleMode === 'after' ? ', because it is held in memory until money has moved' : '';
  return refuse(
    'cap_out_of_range',
    unkept.cap,
    `This may be from 0 to ${unkept.bytesMax} bytes (${unkept.bytesMax / 1_048_576} MiB)${why}.`,
  );
}
