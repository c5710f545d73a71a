import type { RateCounts, RatePolicy, RateVerdict } from '@tollbook/domain';

export type LimitedVerdict = Extract<RateVerdict, { kind: 'limited' }>;

/**
 * Counts calls by keys and judges them. Null means that the store did not answer in time: who cannot be counted is not
 * held back. Nothing here ever throws.
 */
export interface RateLimiter {
  /** Counts one call, and judges it with all that were counted before. */
  consume(key: string, policy: RatePolicy): Promise<RateVerdict | null>;
  /** What was counted in the windows that run now; counts nothing. */
  read(key: string, policy: RatePolicy): Promise<RateCounts | null>;
  /** The verdict on a key that this process saw used up and whose windows still run: nobody is asked. */
  knownExhausted(key: string, policy: RatePolicy): LimitedVerdict | null;
}
