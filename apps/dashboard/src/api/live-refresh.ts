import type { QueryClient } from '@tanstack/react-query';
import { webhookEventTypes } from '@tollbook/contract';
import type { LiveMessage } from './live-feed.js';

/** Named events of `/v1/live`: what happened to payments, `reset` after a gap, `config` when settings changed. */
export const liveTypes = [...webhookEventTypes, 'reset', 'config'] as const;

/** Sums are asked for again at most this often, however much happens. */
const sumsEveryMs = 5_000;

/** First words of the keys that a change of settings makes old. */
const settings = new Set(['endpoints', 'limits', 'wallets', 'keys', 'webhooks', 'audit', 'offer-preview']);

/**
 * What a batch makes old: single objects at once, sums at most every five seconds, and everything after a gap. The
 * list of payments is left to its page, which must not move what is being read.
 */
export function refreshAfter(queryClient: QueryClient): (messages: readonly LiveMessage[]) => void {
  let sumsDueAtMs = 0;
  let isWaiting = false;
  const refresh = (isOld: (key: unknown) => boolean) =>
    void queryClient.invalidateQueries({ predicate: ({ queryKey }) => isOld(queryKey[0]) });
  const refreshSums = () => {
    isWaiting = false;
    sumsDueAtMs = Date.now() + sumsEveryMs;
    refresh((key) => key === 'sums');
  };
  return (messages) => {
    const types = new Set(messages.map(({ type }) => type));
    if (types.has('reset')) {
      void queryClient.invalidateQueries();
      return;
    }
    if (types.delete('config')) refresh((key) => typeof key === 'string' && settings.has(key));
    if (types.size === 0) return;
    if (types.has('webhook_endpoint.disabled')) refresh((key) => key === 'webhooks');
    refresh((key) => key === 'live');
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(refreshSums, Math.max(0, sumsDueAtMs - Date.now()));
  };
}
