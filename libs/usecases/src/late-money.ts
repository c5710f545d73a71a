import type { PaymentDetail } from './ports/payment-queries.js';
import type { AttemptRecord } from './ports/records.js';

type Tried = Pick<AttemptRecord, 'status' | 'replayKeyHash'>;
type Told = Pick<PaymentDetail, 'transfers' | 'discrepancies'> & { readonly attempts: readonly Tried[] };

/**
 * Whether the money of a failed attempt came all the same (T12): a transfer in the chain has its key, and no other
 * attempt of that key took it. `open` while nobody has said what becomes of it, `closed` once somebody has; `none`
 * where none came. Where it came, nothing that is said of the failure holds for the buyer's money.
 */
export function lateMoney(attempt: Tried, { attempts, transfers, discrepancies }: Told): 'none' | 'open' | 'closed' {
  if (attempt.status !== 'failed') return 'none';
  const { replayKeyHash: key } = attempt;
  if (attempts.some((each) => each.status !== 'failed' && isSame(each.replayKeyHash, key))) return 'none';
  const hasCome = transfers.some(
    ({ stage, replayKeyHash }) => stage !== 'orphaned' && replayKeyHash !== null && isSame(replayKeyHash, key),
  );
  if (!hasCome) return 'none';
  return discrepancies.some(({ kind, closedAtMs }) => kind === 'late' && closedAtMs === null) ? 'open' : 'closed';
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
