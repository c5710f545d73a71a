import type { QueryClient } from '@tanstack/react-query';
import type { LiveMessage } from './live-feed.js';

/** Named events of `/v1/live`. */
export const liveTypes = ['event', 'reset', 'change'] as const;

/** Sums are asked for again at most this often, however much happens. */
const sumsEveryMs = 5_000;

/**
 * What a batch makes old: single objects at once, sums at most every five seconds, and everything after a gap. The
 * list of payments is left to its page, which must not move what is being read.
 */
export function refreshAfter(queryClient: QueryClient): (messages: readonly LiveMessage[]) => void {
  let sumsDueAtMs = 0;
  let isWaiting = false;
  const refreshSums = () => {
    isWaiting = false;
    sumsDueAtMs = Date.now() + sumsEveryMs;
    void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'sums' });
  };
  return (messages) => {
    if (messages.some(({ type }) => type === 'reset')) {
      void queryClient.invalidateQueries();
      return;
    }
    void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'live' });
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(refreshSums, Math.max(0, sumsDueAtMs - Date.now()));
  };
}
