import { assert } from '../assert.js';
import { retryDelayMs } from './retry-schedule.js';

/** How one try ended. The status line decides: what a receiver does to the rest of its answer changes nothing. */
export type TryOutcome =
  | { readonly kind: 'answered'; readonly httpStatus: number; readonly retryAfterSeconds: number | null }
  | { readonly kind: 'unanswered' };

/** What follows from a try. `gone` also disables the endpoint. */
export type TryVerdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly delayMs: number }
  | { readonly kind: 'exhausted' }
  | { readonly kind: 'gone' };

const httpGone = 410;
/** A receiver may ask us to wait, but not past what the schedule itself would wait at most. */
const retryAfterSecondsMax = 86_400;

/**
 * Judges try number `tries` (from 1). Delivered is any 2xx and nothing else: a redirect is a failure, as it is never
 * followed. A receiver's `Retry-After` lengthens the wait up to a day and never shortens it.
 */
export function judgeTry(outcome: TryOutcome, tries: number, chance: number): TryVerdict {
  assert(tries >= 1, 'a verdict follows a try');
  if (outcome.kind === 'answered') {
    if (outcome.httpStatus >= 200 && outcome.httpStatus < 300) return { kind: 'delivered' };
    if (outcome.httpStatus === httpGone) return { kind: 'gone' };
  }
  const delayMs = retryDelayMs(tries, chance);
  if (delayMs === null) return { kind: 'exhausted' };
  const asked = outcome.kind === 'answered' ? (outcome.retryAfterSeconds ?? 0) : 0;
  return { kind: 'retry', delayMs: Math.max(delayMs, Math.min(asked, retryAfterSecondsMax) * 1_000) };
}
