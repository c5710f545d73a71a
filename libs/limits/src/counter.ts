import type { RateCount } from '@tollbook/domain';
import { RateLimiterRes } from 'rate-limiter-flexible';

/** What the limiters of the library have in common, as far as it is used here. */
export type Limiter = {
  readonly points: number;
  consume(key: string): Promise<RateLimiterRes>;
  get(key: string): Promise<RateLimiterRes | null>;
};

/** Counts one call. A limiter that knows a key to be used up says so without its count: it is at least one too many. */
export function countCall(limiter: Limiter, key: string): Promise<RateCount> {
  return limiter.consume(key).then(countOf, (error: unknown) => {
    if (!(error instanceof RateLimiterRes)) throw error;
    return { used: Math.max(error.consumedPoints, limiter.points + 1), resetsInMs: error.msBeforeNext };
  });
}

function countOf({ consumedPoints, msBeforeNext }: RateLimiterRes): RateCount {
  return { used: consumedPoints, resetsInMs: msBeforeNext };
}

/** What was counted in the window that runs; null where none does. */
export async function readCount(limiter: Limiter, key: string): Promise<RateCount | null> {
  const found = await limiter.get(key);
  if (!found || found.msBeforeNext <= 0) return null;
  return countOf(found);
}
