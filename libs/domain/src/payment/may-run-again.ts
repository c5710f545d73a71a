import type { SettleMode } from '../offer/terms-version.js';

/** For so long after the payment was sent its work may still be asked for; a stored answer lives as long. */
const runAgainMs = 24 * 60 * 60 * 1000;
/** How often a safe request is asked of the upstream again, where its answer was served but not kept. */
const rerunsMax = 3;

/**
 * Whether the upstream may run for a payment that was sent and of which no answer is kept. Paid first and not served,
 * it still owes its work; otherwise only a request that changes nothing is asked again, a few times.
 */
export function mayRunAgain(
  paid: {
    readonly settleMode: SettleMode;
    readonly sentAtMs: number | null;
    readonly servedAtMs: number | null;
    readonly rerunCount: number;
  },
  method: string,
  nowMs: number,
): 'owed' | 'again' | 'never' {
  if (paid.sentAtMs === null || nowMs - paid.sentAtMs > runAgainMs) return 'never';
  if (paid.settleMode === 'before' && paid.servedAtMs === null) return 'owed';
  const isSafe = method === 'GET' || method === 'HEAD';
  return isSafe && paid.rerunCount < rerunsMax ? 'again' : 'never';
}
